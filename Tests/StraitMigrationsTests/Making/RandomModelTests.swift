import Foundation
import StraitDatabase
import StraitModels
import StraitTesting
import Testing

@testable import StraitMigrations

/// Random models of two apps.
struct RandomModels {
    var random: SplitMix

    private mutating func flip(_ chance: Int = 2) -> Bool { random.next() % UInt64(chance) == 0 }
    private mutating func pick<T>(_ list: [T]) -> T { list[Int(random.next() % UInt64(list.count))] }

    private mutating func field(_ name: String) -> ModelField {
        // PostgreSQL cannot cast each type to each other.
        let kinds: [String: [FieldKind]] = [
            "a": [.integer, .bigInteger, .positiveInteger, .decimal(maxDigits: 8, decimalPlaces: 2), .float],
            "b": [.char(maxLength: 20), .char(maxLength: 30), .text], "c": [.boolean], "d": [.dateTime],
        ]
        var field = ModelField(name, name: name, column: name, kind: pick(kinds[name] ?? [.uuid]))
        field.isOptional = flip()
        field.isIndexed = flip(3)
        if flip(4) { field.databaseDefault = field.kind.neutralValue }
        return field
    }

    /// Returns new models: each app has up to three models with up to four fields.
    mutating func tables() -> [ModelTable] {
        let models = ["box", "zoo"].flatMap { app in ["A", "B", "C"].map { ModelName(app: app, name: $0) } }
            .filter { _ in !flip(3) }
        return models.map { model in
            var id = ModelField("id", name: "id", column: "id", kind: .bigAuto)
            id.isPrimaryKey = true
            var fields = [id]
            for name in ["a", "b", "c", "d"] where !flip(3) { fields.append(field(name)) }
            for name in ["r", "s"] where flip() {
                var field = ModelField(name, name: name, column: name + "_id", kind: .foreignKey)
                field.isIndexed = flip()
                field.isOptional = true
                field.reference = ModelReference(pick(models), onDelete: .cascade)
                fields.append(field)
            }
            var table = ModelTable(model, fields: fields)
            if flip(3) { table.links = [ModelLink("many", name: "many", to: pick(models)).completed(in: table)] }
            let columns = table.columnNames.dropFirst()
            if let first = columns.first, let last = columns.last, first != last {
                if flip(3) { table.uniqueTogether = [[first, last]] }
                if flip(3) {
                    table.indexes = [.index("\(model.app)_\(model.name.lowercased())_idx", ["-" + last, first])]
                }
                if flip(3) {
                    table.constraints = [.unique("\(model.app)_\(model.name.lowercased())_uq", [last, first])]
                }
            }
            return table
        }
    }
}

/// A generator of numbers that depends on its seed only.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var number = state
        number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
        return number ^ (number >> 31)
    }
}

@Suite struct RandomChangesOfModels {
    private func inOrder(_ state: ProjectState) -> [ModelTable] {
        state.sorted.map { table in
            var table = table
            table.fields.sort { $0.name < $1.name }
            table.links.sort { $0.name < $1.name }
            table.constraints.sort { $0.name < $1.name }
            table.indexes.sort { $0.name < $1.name }
            return table
        }
    }

    /// Returns the migrations that lead over several random versions of the models.
    private func history(_ seed: UInt64, versions: Int) throws -> [MigrationNode] {
        var models = RandomModels(random: SplitMix(state: seed))
        var nodes: [MigrationNode] = []
        for _ in 0..<versions {
            let tables = models.tables()
            let answers = Answers(renames: models.random.next() % 2 == 0, value: nil)
            var detector = try Autodetector(MigrationGraph(nodes), models: tables, questioner: answers)
            nodes += try detector.migrations()
            let state = try MigrationGraph(nodes).state()
            try #require(inOrder(state) == inOrder(ProjectState(tables: tables)))
            // The files hold nothing that cannot be written.
            for node in nodes { try #require(MigrationWriter(node).text.contains("operations")) }
        }
        return nodes
    }

    @Test func `the operations lead to the models, and then there is no difference`() async throws {
        try await withSeeds(150) { seed in
            let nodes = try history(seed, versions: 4)
            var again = try Autodetector(
                MigrationGraph(nodes), models: MigrationGraph(nodes).state().sorted, questioner: Answers())
            try #require(try again.migrations().isEmpty)
        }
    }

    @Test(arguments: Engine.allCases)
    func `databases follow the operations up and down`(engine: Engine) async throws {
        try await withSeeds(engine == .sqlite ? 12 : 6) { seed in
            let graph = try MigrationGraph(history(seed, versions: 4))
            try await engine.withDatabase { database, _ in
                let migrator = Migrator(database, graph)
                for name in graph.order { try await migrator.run(migrator.plan(.migration(name))) }
                // The columns, types and indexes are those of tables that are created at once.
                try await engine.withDatabase { fresh, _ in
                    var editor = SchemaEditor(engine == .sqlite ? .sqlite : .postgreSQL)
                    let state = try graph.state()
                    for table in state.sorted { editor.create(table, in: state) }
                    editor.finish()
                    for case .sql(let text) in editor.takeSteps() { try await fresh.execute(SQL(trusted: text)) }
                    let (left, right) = (TableInspector(database), TableInspector(fresh))
                    try #require(try await left.names() == right.names())
                    for name in try await right.names() {
                        let (found, expected) = (
                            try await left.table(name).inOrder, try await right.table(name).inOrder
                        )
                        try #require(found == expected)
                    }
                }
                for name in graph.order.reversed() {
                    let target = graph.nodes[name]?.dependencies.first { $0.app == name.app }
                    try await migrator.run(migrator.plan(target.map { .migration($0) } ?? .zero(name.app)))
                }
                try #require(try await TableInspector(database).names().isEmpty)
            }
        }
    }
}

extension InspectedTable {
    /// The table with its columns in the order of their names. A default value keeps the type that its column had when
    /// PostgreSQL stored it.
    fileprivate var inOrder: InspectedTable {
        var table = self
        table.columns.sort { $0.name < $1.name }
        for index in table.columns.indices {
            table.columns[index].defaultText = table.columns[index].defaultText?.components(separatedBy: "::").first
        }
        return table
    }
}
