import Testing

@testable import StraitEmbedder

@Suite struct DeclarationsInSources {
    private func read(_ source: String) -> SourceDeclarations {
        var declarations = SourceDeclarations()
        declarations.read(source)
        return declarations
    }

    @Test func `models and migrations are found, also inside other types`() {
        let found = read(
            """
            import Strait
            @Model struct Photo { var caption: String }
            @Model(table: "tags")
            public struct Tag { @MaxLength(3) var name: String }
            enum Shop {
                @Model struct Item { static let options: [ModelOption<Item>] = [] }
            }
            extension Shop { struct M0001_initial: Migration { static let operations: [MigrationOperation] = [] } }
            struct M0002_more: Sendable, Migration {}
            """)
        #expect(found.models == ["Photo", "Tag", "Shop.Item"])
        #expect(found.migrations == ["Shop.M0001_initial", "M0002_more"])
    }

    @Test func `other types, private ones, comments and strings are not found`() {
        let found = read(
            #"""
            // @Model struct A {}
            /* struct B: Migration {} /* nested */ */
            let text = "@Model struct C {} \(name("@Model struct D {}")) }"
            let long = """
                @Model struct E {}
                """
            @Model private struct F {}
            fileprivate enum G { @Model struct H {} }
            func i() { struct J: Migration {} }
            protocol Migration {}
            struct K { let migration: Migration }
            """#)
        #expect(found == SourceDeclarations())
    }
}
