import StraitDatabase
import Testing

@testable import StraitMigrations

@Suite struct NamesOfSchemas {
    @Test func `names of indexes end with a hash, and long ones are cut`() {
        let names = SchemaNames(engine: .postgreSQL)
        #expect(names.index("gallery_photo", ["slug"]) == "gallery_photo_slug_2703e372")
        #expect(names.index(String(repeating: "x", count: 70), ["slug"]).count <= 63)
    }
}
