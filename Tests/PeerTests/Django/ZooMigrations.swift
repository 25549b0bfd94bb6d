import StraitMigrations
import StraitModels

/// The migrations of `Tests/Peers/django/schema.py`.
enum ZooMigrations {
    static var nodes: [MigrationNode] {
        var nodes: [MigrationNode] = []
        for (index, operations) in steps.enumerated() {
            nodes.append(
                MigrationNode(
                    MigrationName(app: "zoo", name: "000\(index + 1)"),
                    dependencies: nodes.last.map { [$0.name] } ?? [],
                    operations: operations))
        }
        return nodes
    }

    private static func rows(_ text: String) -> MigrationOperation { .runSQL(text, reverse: "SELECT 1") }

    private static var steps: [[MigrationOperation]] {
        [creation, filling, addition, alteration, renaming, modelRenaming, constraints, removal]
    }

    private static var creation: [MigrationOperation] {
        [
            .createModel("Species", fields: [.char("code", maxLength: 10).primaryKey(), .text("name").unique()]),
            .createModel(
                "Keeper", table: "keepers",
                fields: [
                    .auto("id"), .char("username", maxLength: 150).unique(), .email("email"),
                    .boolean("is_active").databaseDefault(true),
                ]),
            .createModel(
                "Tag",
                fields: [
                    .bigAuto("id"), .char("name", maxLength: 30), .positiveSmallInteger("position").databaseDefault(3),
                ]),
            .createModel(
                "Animal",
                fields: [
                    .bigAuto("id"), .char("name", maxLength: 100), .slug("slug", maxLength: 60).indexed(),
                    .text("story").indexed(), .email("email").optional(), .url("link"), .file("paper"),
                    .char("photo", maxLength: 100).optional(), .smallInteger("small"), .integer("number").indexed(),
                    .bigInteger("big").optional().unique(), .positiveSmallInteger("legs"), .positiveInteger("weight"),
                    .positiveBigInteger("cells").optional(), .float("length").databaseDefault(1.5),
                    .decimal("price", maxDigits: 7, decimalPlaces: 2).databaseDefault("2.50"),
                    .boolean("is_wild").optional(), .binary("picture").optional(),
                    .uuid("token").unique().optional(), .dateTime("born_at").databaseDefault(.now),
                    .date("born_on").optional(), .time("fed_at").optional(), .duration("sleep").optional(),
                    .json("notes").optional(), .json("facts").optional().column("known_facts"),
                    .foreignKey("keeper", to: "Keeper", onDelete: .cascade),
                    .foreignKey("deputy", to: "Keeper", onDelete: .setNull, isIndexed: false).optional(),
                    .foreignKey("parent", to: "Animal", onDelete: .setNull).optional(),
                    .foreignKey("species", to: "Species", onDelete: .protect),
                    .oneToOne("chief", to: "zoo.Keeper", onDelete: .cascade).optional(),
                    .manyToMany("tags", to: "Tag"), .manyToMany("friends", to: "Animal"),
                ],
                uniqueTogether: [["name", "keeper_id"]],
                indexes: [
                    .index("zoo_number_idx", ["-number", "email"]),
                    .index("zoo_heavy_idx", ["email"], where: "\"small\" > 100"),
                ],
                constraints: [
                    .unique("zoo_one_slug", ["link", "species_id"]),
                    .unique("zoo_one_email", ["email"], where: "\"big\" > 2"),
                    .check("zoo_few_legs", "\"number\" < 1000"),
                ]),
            .createModel(
                "Diary",
                fields: [.bigAuto("id"), .oneToOne("animal", to: "Animal", onDelete: .cascade), .text("text")]),
            .createModel(
                "AVeryLongModelNameThatMakesTheNamesOfItsIndexesTooLong",
                fields: [
                    .bigAuto("id"),
                    .foreignKey("a_very_long_field_name_that_is_repeated", to: "Keeper", onDelete: .cascade),
                    .char("text", maxLength: 5).indexed(),
                ]),
        ]
    }

    private static var filling: [MigrationOperation] {
        [
            rows("INSERT INTO zoo_species (code, name) VALUES ('bear', 'Bear'), ('owl', 'Owl')"),
            rows(
                "INSERT INTO keepers (username, email) VALUES ('ada', 'a@x.org'), ('bob', 'b@x.org'), ('cy', 'c@x.org')"
            ),
            rows("INSERT INTO zoo_tag (name) VALUES ('loud'), ('tame')"),
            rows(
                """
                INSERT INTO zoo_animal (name, slug, story, email, link, paper, small, number, big, legs, weight, \
                born_on, keeper_id, species_id, parent_id) \
                VALUES ('Bo', 'bo', '', 'bo@x.org', '', '', -1, 7, 70, 4, 200, \
                '2020-02-03', 1, 'bear', NULL), ('Hu', 'hu', 'A tale.', NULL, 'http://x.org/', 'p', 2, 8, NULL, 2, 3, \
                NULL, 2, 'owl', 1)
                """),
            rows("INSERT INTO zoo_animal_tags (animal_id, tag_id) VALUES (1, 1), (1, 2), (2, 1)"),
            rows("INSERT INTO zoo_animal_friends (from_animal_id, to_animal_id) VALUES (1, 2), (2, 1)"),
            rows("INSERT INTO zoo_diary (animal_id, text) VALUES (1, 'Slept.')"),
        ]
    }

    private static var addition: [MigrationOperation] {
        [
            .addField("Animal", .char("nick", maxLength: 20).optional()),
            .addField("Animal", .char("title", maxLength: 20), filling: "none"),
            .addField("Animal", .integer("code").optional().unique()),
            .addField("Animal", .positiveInteger("rank"), filling: 1),
            .addField("Animal", .integer("level").databaseDefault(5)),
            .addField("Animal", .integer("grade").optional().databaseDefault(6)),
            .addField("Animal", .dateTime("seen_at").databaseDefault(.now)),
            .addField("Animal", .char("label", maxLength: 9).optional().indexed()),
            .addField("Animal", .json("extra").optional()),
            .addField("Animal", .foreignKey("vet", to: "Keeper", onDelete: .setNull).optional()),
            .addField("Animal", .foreignKey("home", to: "Species", onDelete: .cascade), filling: "owl"),
            .addField("Animal", .manyToMany("marks", to: "Tag")),
            .addField("Tag", .slug("slug").indexed().optional()),
        ]
    }

    private static var alteration: [MigrationOperation] {
        [
            .alterField("Animal", .char("name", maxLength: 120)),
            .alterField("Animal", .email("email"), filling: "no@x.org"),
            .alterField("Animal", .url("link", maxLength: 300).optional()),
            .alterField("Animal", .integer("small").unique()),
            .alterField("Animal", .bigInteger("big").optional().indexed()),
            .alterField("Animal", .integer("number")),
            .alterField("Animal", .char("paper", maxLength: 100).unique()),
            .alterField("Animal", .char("story", maxLength: 500).indexed()),
            .alterField("Animal", .integer("weight")),
            .alterField("Animal", .integer("level")),
            .alterField("Animal", .float("length").databaseDefault(2.5)),
            .alterField("Animal", .positiveInteger("rank").databaseDefault(9).indexed()),
            .alterField("Animal", .char("photo", maxLength: 100).optional().indexed()),
            .alterField("Animal", .decimal("price", maxDigits: 9, decimalPlaces: 3)),
            .alterField("Animal", .oneToOne("vet", to: "Keeper", onDelete: .setNull).optional()),
            .alterField("Animal", .foreignKey("deputy", to: "Keeper", onDelete: .setNull).optional()),
            .alterField("Animal", .char("grade", maxLength: 10).optional().indexed()),
            .alterField("Animal", .text("label").optional().indexed()),
            .alterField("Tag", .auto("id")),
            .alterField("Keeper", .bigAuto("id")),
            .alterField("Species", .char("code", maxLength: 20).primaryKey()),
            .alterField("Tag", .integer("position").optional()),
        ]
    }

    private static var renaming: [MigrationOperation] {
        [
            .renameField("Animal", "name", to: "full_name"),
            .renameField("Animal", "weight", to: "mass"),
            .renameField("Animal", "legs", to: "feet"),
            .renameField("Animal", "keeper", to: "warden"),
            .renameField("Animal", "tags", to: "labels"),
            .renameField("Animal", "slug", to: "short"),
            .renameField("Animal", "facts", to: "lore"),
            .renameField("Animal", "photo", to: "image"),
        ]
    }

    private static var modelRenaming: [MigrationOperation] {
        [
            .renameModel("Tag", to: "Badge"),
            .renameModel("Keeper", to: "Warden"),
            .renameModel("Animal", to: "Beast"),
            .alterTable("Diary", to: "diaries"),
            .alterTable("Beast", to: "beasts"),
        ]
    }

    private static var constraints: [MigrationOperation] {
        [
            .addIndex("Beast", .index("beast_born_idx", ["born_on", "-born_at"])),
            .removeIndex("Beast", "zoo_heavy_idx"),
            .renameIndex("Beast", "zoo_number_idx", to: "beast_number_idx"),
            .addConstraint("Beast", .unique("beast_once", ["full_name", "number"])),
            .addConstraint("Beast", .check("beast_number", "\"number\" >= 0")),
            .addConstraint("Beast", .unique("beast_nick", ["nick"], where: "\"small\" > 3")),
            .removeConstraint("Beast", "zoo_one_slug"),
            .removeConstraint("Beast", "zoo_one_email"),
            .removeConstraint("Beast", "zoo_few_legs"),
            .alterUniqueTogether("Beast", [["born_on", "born_at"]]),
        ]
    }

    private static var removal: [MigrationOperation] {
        [
            .removeField("Beast", "lore"),
            .removeField("Beast", "label"),
            .removeField("Beast", "deputy"),
            .removeField("Beast", "labels"),
            .removeField("Beast", "code"),
            .removeField("Beast", "cells"),
            .deleteModel("Diary"),
            .deleteModel("AVeryLongModelNameThatMakesTheNamesOfItsIndexesTooLong"),
        ]
    }
}
