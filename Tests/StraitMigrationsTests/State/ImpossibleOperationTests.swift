import StraitModels
import Testing

@testable import StraitMigrations

@Suite struct ImpossibleOperations {
    private static let creation: [MigrationOperation] = [
        .createModel("Tag", fields: [.bigAuto("id"), .text("name")]),
        .createModel(
            "Animal",
            fields: [
                .bigAuto("id"), .text("name"), .integer("legs"), .integer("age"), .integer("size"),
                .foreignKey("tag", to: "Tag", onDelete: .cascade),
                .foreignKey("parent", to: "Animal", onDelete: .cascade).optional(), .manyToMany("tags", to: "Tag"),
            ], uniqueTogether: [["name", "tag_id"]], indexes: [.index("idx", ["-legs"], where: "\"age\" > 3")],
            constraints: [.check("big", "\"size\" > 0"), .unique("one", ["age"])]),
    ]

    @Test(arguments: [
        (
            MigrationOperation.removeField("Animal", "legs"),
            "The field legs of zoo.Animal cannot be removed, because the index idx uses it. Remove that first."
        ),
        (.removeField("Animal", "age"), "because the index idx uses it"),
        (.removeField("Animal", "size"), "because the constraint big uses it"),
        (.removeField("Animal", "tag"), "because the unique list name, tag_id uses it"),
        (
            .deleteModel("Tag"),
            "The model zoo.Tag cannot be deleted, because the field tag of zoo.Animal refers to it. Remove that field "
                + "first."
        ),
        (.renameField("Animal", "name", to: "legs"), "The model zoo.Animal has a field legs already."),
        (.renameField("Animal", "name", to: "tags"), "The model zoo.Animal has a field tags already."),
        (.addIndex("Animal", .index("idx", ["name"])), "The model zoo.Animal has an index or constraint idx already."),
        (.addIndex("Animal", .index("x", ["tag"])), "The model zoo.Animal has no column tag. Indexes and constraints"),
        (.addConstraint("Animal", .unique("big", ["name"])), "has an index or constraint big already."),
        (.addConstraint("Animal", .unique("x", ["gone"])), "The model zoo.Animal has no column gone."),
        (.alterUniqueTogether("Animal", [["name", "gone"]]), "The model zoo.Animal has no column gone."),
        (.renameIndex("Animal", "idx", to: "one"), "has an index or constraint one already."),
        (
            .addField("Animal", .foreignKey("owner", to: "users.User", onDelete: .cascade)),
            "The field owner of zoo.Animal refers to the model users.User, which does not exist at this point. "
                + "Create it first, or add the migration that creates it to the dependencies."
        ),
        (.alterField("Animal", .foreignKey("tag", to: "Gone", onDelete: .cascade)), "refers to the model zoo.Gone"),
        (.addField("Animal", .manyToMany("more", to: "Tag", through: "Gone")), "refers to the model zoo.Gone"),
        (
            .createModel("New", fields: [.bigAuto("id"), .oneToOne("x", to: "Gone", onDelete: .cascade)]),
            "The field x of zoo.New refers to the model zoo.Gone"
        ),
        (
            .createModel("New", fields: [.bigAuto("id")], indexes: [.index("x", ["gone"])]),
            "The model zoo.New has no column gone. Indexes and constraints name columns: id."
        ),
    ])
    func `an operation that cannot be is an error with advice`(operation: MigrationOperation, text: String) throws {
        let found = message { _ = try tables(Self.creation + [operation]) }
        #expect(found?.contains(text) == true, "\(found ?? "no error")")
    }

    @Test func `operations in the right order are possible`() throws {
        let found = try tables(
            Self.creation + [
                .removeIndex("Animal", "idx"), .removeConstraint("Animal", "big"), .alterUniqueTogether("Animal", []),
                .removeField("Animal", "legs"), .removeField("Animal", "size"), .removeField("Animal", "tag"),
                .removeField("Animal", "tags"), .deleteModel("Tag"),
            ])
        #expect(found.map(\.model.name) == ["Animal"])
    }
}
