import Strait

struct M0001_initial: Migration {
    static let operations: [MigrationOperation] = [
        .createModel("Leaf", fields: [.bigAuto("id"), .char("name", maxLength: 30)])
    ]
}
