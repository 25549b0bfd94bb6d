import StraitDatabase
import StraitModels
import Testing

@testable import StraitMigrations

@Suite struct Autodetectors {
    private let keeper = MigrationOperation.createModel(
        "Keeper", fields: [.bigAuto("id"), .char("name", maxLength: 20), .integer("age").optional()])

    /// The tables with their fields in the order of names. New fields come last in the database.
    private func inOrder(_ state: ProjectState) -> [ModelTable] {
        state.sorted.map { table in
            var table = table
            table.fields.sort { $0.name < $1.name }
            return table
        }
    }

    /// Returns the new migrations as lines, and checks that they lead to the models.
    private func changes(
        from old: [MigrationOperation], to new: [ModelTable], _ answers: any Questioner = Answers()
    ) throws -> [String] {
        let first = old.isEmpty ? [] : [node("0001_initial", old)]
        var detector = try Autodetector(try MigrationGraph(first), models: new, questioner: answers)
        let nodes = try detector.migrations()
        let graph = try MigrationGraph(first + nodes)
        #expect(try inOrder(graph.state()) == inOrder(ProjectState(tables: new)))
        return nodes.flatMap { node in
            ["\(node.name) \(node.dependencies.map(\.description))"] + node.operations.map(\.summary)
        }
    }

    @Test func `nothing changes without a difference`() throws {
        #expect(try changes(from: [keeper], to: tables([keeper])).isEmpty)
    }

    @Test func `new models come after those that they refer to`() throws {
        let new = try tables([
            keeper,
            .createModel("Animal", fields: [.bigAuto("id"), .foreignKey("keeper", to: "Keeper", onDelete: .cascade)]),
        ])
        #expect(
            try changes(from: [], to: new) == ["zoo.0001_initial []", "Create model Keeper", "Create model Animal"])
    }

    @Test func `models that refer to each other are created in two steps`() throws {
        let new = try tables([
            .createModel("A", fields: [.bigAuto("id")]),
            .createModel(
                "B",
                fields: [.bigAuto("id"), .foreignKey("a", to: "A", onDelete: .cascade), .manyToMany("all", to: "A")]),
            .addField("A", .foreignKey("b", to: "B", onDelete: .cascade)),
        ])
        #expect(
            try changes(from: [], to: new) == [
                "zoo.0001_initial []", "Create model A", "Create model B", "Add field b to a",
            ])
    }

    @Test func `apps that refer to each other get migrations without a cycle`() throws {
        let shop = try tables(
            [
                .createModel(
                    "Item", fields: [.bigAuto("id"), .foreignKey("animal", to: "zoo.Animal", onDelete: .cascade)])
            ], of: "shop", beside: ModelName(app: "zoo", name: "Animal"))
        let zoo = try tables(
            [
                .createModel(
                    "Animal",
                    fields: [.bigAuto("id"), .foreignKey("item", to: "shop.Item", onDelete: .setNull).optional()])
            ], beside: ModelName(app: "shop", name: "Item"))
        #expect(
            try changes(from: [], to: shop + zoo) == [
                "shop.0001_initial []", "Create model Item", "zoo.0001_initial [\"shop.0001_initial\"]",
                "Create model Animal", "shop.0002_initial [\"shop.0001_initial\", \"zoo.0001_initial\"]",
                "Add field animal to item",
            ])
    }

    @Test func `fields are added, changed, renamed and removed`() throws {
        func keeper(_ fields: MigrationField...) throws -> [ModelTable] {
            try tables([.createModel("Keeper", fields: [.bigAuto("id")] + fields)])
        }
        let name = MigrationField.char("name", maxLength: 20)
        let age = MigrationField.integer("age").optional()
        #expect(
            try changes(from: [self.keeper], to: keeper(name, age, .text("story"))) == [
                "zoo.0002_keeper_story [\"zoo.0001_initial\"]", "Add field story to keeper",
            ])
        #expect(
            try changes(from: [self.keeper], to: keeper(name, .bigInteger("age").optional().indexed())) == [
                "zoo.0002_alter_keeper_age [\"zoo.0001_initial\"]", "Alter field age on keeper",
            ])
        #expect(
            try changes(from: [self.keeper], to: keeper(.char("title", maxLength: 20), age)) == [
                "zoo.0002_rename_name_keeper_title [\"zoo.0001_initial\"]", "Rename field name on keeper to title",
            ])
        #expect(
            try changes(from: [self.keeper], to: keeper(.char("title", maxLength: 20), age), Answers(renames: false))
                == [
                    "zoo.0002_remove_keeper_name_keeper_title [\"zoo.0001_initial\"]", "Remove field name from keeper",
                    "Add field title to keeper",
                ])
    }

    @Test func `a column that must not be empty needs a value`() throws {
        let new = try tables([
            .createModel("Keeper", fields: [.bigAuto("id"), .char("name", maxLength: 20), .integer("age")])
        ])
        #expect(
            message { _ = try changes(from: [keeper], to: new, SilentQuestioner()) }
                == "The field age of zoo.Keeper must not be empty, but rows may exist that have no value. Make it "
                + "optional, give it a @DatabaseDefault, or run makemigrations on a terminal, which asks for a value.")
    }

    @Test func `rows get the default that the model declares`() throws {
        var new = try tables([
            .createModel(
                "Keeper",
                fields: [
                    .bigAuto("id"), .char("name", maxLength: 20), .integer("age").optional(), .text("story"),
                    .dateTime("at"), .boolean("ok"),
                ])
        ])
        new[0].fields[3].isBlank = true
        new[0].fields[4].autoNow = .create
        new[0].fields[5].defaultValue = FieldDefault { true }
        var detector = try Autodetector(
            MigrationGraph([node("0001_initial", [keeper])]), models: new, questioner: SilentQuestioner())
        let text = MigrationWriter(try #require(try detector.migrations().first)).text
        for line in [
            #".addField("Keeper", .text("story"), filling: "")"#,
            #".addField("Keeper", .dateTime("at"), filling: .now)"#,
            #".addField("Keeper", .boolean("ok"), filling: true)"#,
        ] { #expect(text.contains(line)) }
    }

    @Test func `a renamed model takes its references along`() throws {
        let animal = MigrationOperation.createModel(
            "Animal", fields: [.bigAuto("id"), .foreignKey("keeper", to: "Keeper", onDelete: .cascade)])
        let new = try tables([
            .createModel("Warden", fields: [.bigAuto("id"), .char("name", maxLength: 20), .integer("age").optional()]),
            .createModel("Animal", fields: [.bigAuto("id"), .foreignKey("keeper", to: "Warden", onDelete: .cascade)]),
        ])
        #expect(
            try changes(from: [keeper, animal], to: new) == [
                "zoo.0002_rename_keeper_warden [\"zoo.0001_initial\"]", "Rename model Keeper to Warden",
            ])
    }

    @Test func `indexes, constraints and unique lists are added, renamed and removed`() throws {
        let new = try tables([
            .createModel(
                "Keeper", fields: [.bigAuto("id"), .char("name", maxLength: 20), .integer("age").optional()],
                uniqueTogether: [["name", "age"]], indexes: [.index("by_age", ["-age"])],
                constraints: [.check("adult", "\"age\" > 17")])
        ])
        #expect(
            try changes(from: [keeper], to: new) == [
                "zoo.0002_alter_keeper_unique_together_keeper_by_age_and_more [\"zoo.0001_initial\"]",
                "Alter unique_together for keeper (1 constraint(s))", "Create index by_age on model keeper",
                "Create constraint adult on model keeper",
            ])
        let created = MigrationOperation.createModel(
            "Keeper", fields: [.bigAuto("id"), .char("name", maxLength: 20), .integer("age").optional()],
            uniqueTogether: [["name", "age"]], indexes: [.index("old_name", ["-age"])],
            constraints: [.check("adult", "\"age\" > 17")])
        #expect(
            try changes(from: [created], to: new) == [
                "zoo.0002_rename_old_name_by_age [\"zoo.0001_initial\"]", "Rename index old_name on keeper to by_age",
            ])
        #expect(
            try changes(from: [created], to: tables([keeper])).dropFirst() == [
                "Remove constraint adult from model keeper", "Remove index old_name from keeper",
                "Alter unique_together for keeper (0 constraint(s))",
            ])
    }

    @Test func `models are deleted after those that refer to them`() throws {
        let animal = MigrationOperation.createModel(
            "Animal", fields: [.bigAuto("id"), .foreignKey("keeper", to: "Keeper", onDelete: .cascade)])
        #expect(
            try changes(from: [keeper, animal], to: []) == [
                "zoo.0002_delete_animal_delete_keeper [\"zoo.0001_initial\"]", "Delete model Animal",
                "Delete model Keeper",
            ])
    }
}
