import * as z from "zod";
import * as z40 from "zod-4-0";
import * as z41 from "zod-4-1";

export const person = z.object({ name: z.string(), age: z.int().optional() });
export const category = z.object({
  name: z.string(),
  get children() {
    return z.array(category);
  },
});
const odd: z.ZodType<unknown> = z.object({ next: z.lazy(() => even) });
const even = z.object({ next: odd.optional() });

// Arguments and not one array literal, whose element types TypeScript would compare in depth.
export function rows(...table: [unknown, string][]): [unknown, string][] {
  return table;
}

/** Schema of the property `a`, and the parameter that it must become. */
export const parameters = rows(
  [z.string(), "a: str"],
  [z.number(), "a: float"],
  [z.int(), "a: int"],
  [z.int32(), "a: int"],
  [z.float64(), "a: float"],
  [z.boolean(), "a: bool"],
  [z.null(), "a: None"],
  [z.any(), "a: Any"],
  [z.unknown(), "a: Any"],
  [z.nan(), "a: float"],
  [z.email(), "a: str"],
  [z.url(), "a: str"],
  [z.uuid(), "a: str"],
  [z.iso.datetime(), "a: str"],
  [z.iso.date(), "a: str"],
  [z.base64(), "a: str"],
  [z.string().regex(/^"\\d"$/), "a: str"],
  [z.templateLiteral(["v", z.number()]), "a: str"],
  [z.stringbool(), "a: str"],
  [z.instanceof(Uint8Array), "a: bytes"],
  [z.coerce.number(), "a: float"],
  [z.coerce.date(), "a: str"],
  [z.coerce.bigint(), "a: int"],
  [z.literal("x"), 'a: Literal["x"]'],
  [z.literal([1, "x", true, null]), 'a: Optional[Literal[1, "x", True]]'],
  [z.literal(1.5), "a: float"],
  [z.enum(["c", "f"]), 'a: Literal["c", "f"]'],
  [z.enum({ Low: 1, High: 2 }), "a: Literal[1, 2]"],
  [z.optional(z.string()), "a: Optional[str] = None"],
  [z.nullable(z.string()), "a: Optional[str]"],
  [z.nullish(z.string()), "a: Optional[str] = None"],
  [z.nullable(person), "a: Optional[FA]"],
  [z.string().default("x"), 'a: str = "x"'],
  [z.string().prefault("x"), 'a: str = "x"'],
  [z.string().catch("x"), 'a: str = "x"'],
  [z.nullable(z.string()).default(null), "a: Optional[str] = None"],
  [z.array(z.int()).default([1, 2]), "a: list[int] = [1, 2]"],
  [z.record(z.string(), z.int()).default({ k: 1 }), 'a: dict[str, int] = {"k": 1}'],
  [z.boolean().default(false), "a: bool = False"],
  [z.number().default(1e-7), "a: float = 1e-7"],
  [z.string().optional().nonoptional(), "a: str"],
  [z.string().readonly(), "a: str"],
  [z.string().brand("B"), "a: str"],
  [z.string().trim().min(1).refine(Boolean), "a: str"],
  [z.string().transform(Number), "a: str"],
  [z.preprocess((value) => value, z.number()), "a: float"],
  [z.codec(z.string(), z.number(), { decode: Number, encode: String }), "a: str"],
  [z.pipe(z.string(), z.transform(Number)), "a: str"],
  [z.array(z.string()), "a: list[str]"],
  [z.array(person), "a: list[FAItem]"],
  [z.tuple([z.string(), z.int()]), "a: tuple[str, int]"],
  [z.tuple([z.string(), z.int().optional()]), "a: list[Union[str, int]]"],
  [z.tuple([z.string()], z.int()), "a: list[Union[str, int]]"],
  [z.record(z.string(), z.number()), "a: dict[str, float]"],
  [z.record(z.enum(["x", "y"]), z.int()), 'a: dict[Literal["x", "y"], int]'],
  [z.partialRecord(z.enum(["x"]), z.int()), 'a: dict[Literal["x"], int]'],
  [z.object({}), "a: dict[str, Any]"],
  [z.looseObject({}), "a: dict[str, Any]"],
  [z.object({}).catchall(z.int()), "a: dict[str, int]"],
  [person, "a: FA"],
  [person.partial(), "a: FA"],
  [person.required(), "a: FA"],
  [z.strictObject({ x: z.string() }), "a: FA"],
  [z.looseObject({ x: z.string() }), "a: FA"],
  [z.union([z.string(), z.int()]), "a: Union[str, int]"],
  [z.union([z.string(), person]), "a: Union[str, FAOption2]"],
  [z.union([z.literal("x"), z.literal("y"), z.literal(3)]), 'a: Literal["x", "y", 3]'],
  [z.union([z.string(), z.undefined()]), "a: str"],
  [
    z.union([z.nullable(z.string()), z.union([person, z.int()])]),
    "a: Optional[Union[str, FAOption3, int]]",
  ],
  [z.xor([z.string(), z.int()]), "a: Union[str, int]"],
  [
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("circle"), radius: z.number() }),
      z.object({ kind: z.literal("square"), side: z.number() }),
    ]),
    "a: Union[FACircle, FASquare]",
  ],
  [z.intersection(person, z.object({ mail: z.string() })), "a: FA"],
  [category, "a: FA"],
  [z.array(category), "a: list[FAItem]"],
  [even, "a: FA"],
  [z.lazy(() => z.string()), "a: str"],
  [z.json(), "a: FA"],
  [z.custom<Date>().meta({ type: "string", format: "date" }), "a: str"],
  [z.never().optional(), "a: None = None"],
  [z.union([z.string(), z.void()]), "a: str"],
  [z.promise(z.string()), "a: str"],
  [z.success(z.string()), "a: bool"],
  [z40.object({ x: z40.string().optional() }), "a: FA"],
  [z41.tuple([z41.string(), z41.number()]), "a: tuple[str, float]"],
);
