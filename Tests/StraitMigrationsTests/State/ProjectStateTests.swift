import StraitModels
import Testing

@testable import StraitMigrations

@Suite struct ProjectStates {
    private let creation = MigrationOperation.createModel(
        "Animal",
        fields: [
            .bigAuto("id"), .char("name", maxLength: 20), .foreignKey("keeper", to: "Keeper", onDelete: .cascade),
        ],
        uniqueTogether: [["name", "keeper_id"]], indexes: [.index("by_name", ["-name"], where: "\"name\" > 'a'")],
        constraints: [.check("named", "\"name\" <> ''")])
    private let keeper = MigrationOperation.createModel("Keeper", fields: [.bigAuto("id")])

    private func table(_ operations: MigrationOperation...) throws -> ModelTable {
        try #require(try tables([keeper, creation] + operations).first)
    }

    @Test func `a renamed field takes its column, indexes and constraints along`() throws {
        let table = try table(
            .renameField("Animal", "name", to: "title"), .renameField("Animal", "keeper", to: "warden"))
        #expect(table.columnNames == ["id", "title", "warden_id"])
        #expect(table.uniqueTogether == [["title", "warden_id"]])
        #expect(table.indexes == [.index("by_name", ["-title"], where: "\"title\" > 'a'")])
        #expect(table.constraints == [.check("named", "\"title\" <> ''")])
    }

    @Test func `a column with a name of its own keeps it`() throws {
        let table = try table(
            .addField("Animal", .integer("age").column("years").optional()), .renameField("Animal", "age", to: "time"))
        #expect(table.columnNames.last == "years")
    }

    @Test func `a renamed model takes its table and references along`() throws {
        let table = try table(.renameModel("Keeper", to: "Warden"))
        #expect(table.fields.last?.reference?.model.description == "zoo.Warden")
        #expect(try self.table(.renameModel("Animal", to: "Beast")).name == "zoo_beast")
        #expect(try self.table(.alterTable("Animal", to: "x"), .renameModel("Animal", to: "Beast")).name == "x")
    }

    @Test func `a renamed column is renamed in conditions, but not in their texts`() throws {
        let found = try tables([
            .createModel(
                "Animal", fields: [.bigAuto("id"), .text("name"), .integer("lower")],
                indexes: [.index("i", ["name"], where: "name <> 'name \"name\"' AND lower(\"name\") > 'a'")],
                constraints: [.check("c", "lower(name) = 'x' OR lower > 3")]),
            .renameField("Animal", "name", to: "ti\"tle"), .renameField("Animal", "lower", to: "higher"),
        ])
        #expect(found[0].indexes[0].condition == "\"ti\"\"tle\" <> 'name \"name\"' AND lower(\"ti\"\"tle\") > 'a'")
        #expect(found[0].constraints[0].kind == .check("lower(\"ti\"\"tle\") = 'x' OR \"higher\" > 3"))
        #expect(found[0].constraints[0].uses("higher") && !found[0].constraints[0].uses("lower"))
    }

    @Test func `impossible operations are errors`() {
        #expect(message { _ = try table(creation) } == "The model zoo.Animal exists already.")
        #expect(
            message { _ = try table(.removeField("Animal", "age")) } == "The model zoo.Animal has no field age.")
        #expect(
            message { _ = try table(.deleteModel("Fish")) } == "There is no model zoo.Fish at this point.")
        #expect(
            message { _ = try MigrationGraph([node("0001", [keeper, .addField("Keeper", .bigAuto("id"))])]).state() }
                == "Operation 2 of the migration zoo.0001 is not possible. The model zoo.Keeper has a field id already."
        )
    }
}
