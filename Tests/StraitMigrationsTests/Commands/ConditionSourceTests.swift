import Testing

@testable import StraitMigrations

@Suite struct ConditionSources {
    private let source = ConditionSource(properties: [
        "number": .init(name: "number", type: "Int32", isOptional: false),
        "size": .init(name: "size", type: "Int", isOptional: true),
        "name": .init(name: "name", type: "String", isOptional: true),
        "flag": .init(name: "isSet", type: "Bool", isOptional: false),
        "price": .init(name: "price", type: "Decimal", isOptional: false),
        "length": .init(name: "length", type: "Double", isOptional: false),
        "owner_id": .init(name: "owner", type: "ID", isOptional: true),
    ])

    @Test(arguments: [
        ("\"number\" > 5", "$0.number > 5"),
        ("(number >= '-5'::integer)", "$0.number >= -5"),
        ("((number >= 0) AND (size < 10))", "$0.number >= 0 && $0.size < 10"),
        ("(\"number\" = 1 OR \"number\" = 2 AND \"size\" = 3)", "$0.number == 1 || ($0.number == 2 && $0.size == 3)"),
        ("((name)::text = 'it''s'::text)", "$0.name == \"it's\""),
        (
            "((name)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            "$0.name.isIn([\"a\", \"b\"])"
        ),
        ("(number = ANY (ARRAY[1, 2]))", "$0.number.isIn([1, 2])"),
        ("\"number\" IN (1, -2)", "$0.number.isIn([1, -2])"),
        ("\"number\" BETWEEN 1 AND 3", "$0.number.isIn(1...3)"),
        ("NOT (\"size\" = 7 AND \"size\" IS NOT NULL)", "$0.size != 7"),
        ("NOT (number = 7)", "$0.number != 7"),
        ("NOT ((\"size\" < 7 AND \"size\" IS NOT NULL))", "!($0.size < 7)"),
        ("\"flag\"", "$0.isSet == true"), ("(NOT flag)", "$0.isSet == false"),
        ("\"owner_id\" IS NULL", "$0.owner == nil"), ("(owner_id IS NOT NULL)", "$0.owner != nil"),
        ("(price > (5)::numeric)", "$0.price > 5"), ("(length > (1.5)::double precision)", "$0.length > 1.5"),
        ("\"number\" < \"number\"", "$0.number < $0.number"),
    ])
    func `a condition becomes an expression of the model's columns`(condition: String, expected: String) {
        #expect(source.text(condition) == expected)
    }

    @Test(arguments: [
        "length(\"name\") > 2", "\"number\" > 1.5", "\"number\" <> 5", "\"owner_id\" = 5", "\"number\" IS NULL",
        "(number)::numeric > 1", "\"gone\" = 1", "\"number\" + 1 > 2", "\"name\" LIKE 'a%'", "\"price\" > 0.1",
        "\"number\" >", "", "\"number\" = 1 AND", "\"name\" = 5", "number = ANY (ARRAY[1, 2", "\"number\" > 'x'", "((",
        "\"number\" = 1 number", "\"name\"",
    ])
    func `a condition that columns cannot express has no source`(condition: String) {
        #expect(source.text(condition) == nil)
    }

    @Test(arguments: [
        ("5", "Int32", "5"), ("'-5'::integer", "Int32", "-5"), ("(5)::smallint", "Int16", "5"), ("-5", "Int", "-5"),
        ("1.5", "Double", "1.5"), ("2.50", "Decimal", "\"2.50\""), ("CAST('-2.50' AS NUMERIC)", "Decimal", "\"-2.50\""),
        ("'a''b'::character varying", "String", "\"a'b\""), ("true", "Bool", "true"), ("0", "Bool", "false"),
        ("statement_timestamp()", "Date", ".now"), ("STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')", "Date", ".now"),
        ("(DATE('NOW'))", "PlainDate", ".now"), ("'{}'::jsonb", "JSONValue", "\"{}\""),
    ])
    func `a default value becomes a literal`(text: String, type: String, expected: String) {
        #expect(DefaultSource.literal(text, type: type) == expected)
    }

    @Test(arguments: [
        ("now()", "Date"), ("'1 day'::interval", "Duration"), ("5", "String"), ("x", "Int"), ("", "Int"),
        ("lower('A')", "String"), ("1.5", "Int32"), ("DATE('NOW')", "Date"), ("'\\x00'::bytea", "Bytes"),
    ])
    func `a default value that a model cannot declare has no literal`(text: String, type: String) {
        #expect(DefaultSource.literal(text, type: type) == nil)
    }

    @Test func `SQL is read up to its end, whatever it is`() {
        for text in ["'", "\"a", "[a", "(", ")", "a::", "1e", "1e+", "''''", "ARRAY[", "CREATE INDEX i ON t (a) WHERE"]
        {
            #expect(SQLTokens(text).tokens.count <= text.count)
            #expect(SQLTokens(text).end(ofGroupAt: 0) <= text.count)
            _ = SQLTokens(text).items(ofGroupAt: 0)
        }
        #expect(SQLTokens("CREATE INDEX i ON t (\"where\" DESC) WHERE a > 1 ").indexCondition == "a > 1")
        #expect(SQLTokens("CREATE INDEX \"where\" ON t (a)").indexCondition == nil)
    }
}
