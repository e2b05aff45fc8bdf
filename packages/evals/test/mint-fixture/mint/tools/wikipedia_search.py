from langchain.schema import Document  # noqa: F401
from pydantic import BaseModel, Extra, root_validator


class Search(BaseModel):
    class Config:
        extra = Extra.forbid

    @root_validator()
    def validate(cls, values):
        return values


class WikipediaQueryRun:
    name = "wikipedia_search"
    search = Search()
