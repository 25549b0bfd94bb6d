import Strait

struct M0002_leaf_parent: Migration {
    static let dependencies = ["folder_app.0001_initial"]
    static let operations: [MigrationOperation] = [
        .addField("Leaf", .foreignKey("parent", to: "Leaf", onDelete: .setNull).optional())
    ]
}
