import Testing

@testable import StraitMigrations

@Suite struct MigrationGraphs {
    private func names(_ list: [MigrationName]) -> [String] { list.map(\.description) }

    @Test func `migrations follow their dependencies, and otherwise the order of names`() throws {
        let graph = try MigrationGraph([
            node("0002_b", after: ["0001_a", "shop.0001_s"]), node("0001_a"), node("shop.0001_s", after: ["0001_a"]),
            node("0003_c", after: ["0002_b"]),
        ])
        #expect(names(graph.order) == ["zoo.0001_a", "shop.0001_s", "zoo.0002_b", "zoo.0003_c"])
        #expect(names(graph.leaves(of: "zoo")) == ["zoo.0003_c"])
        #expect(
            names(graph.ancestors(of: [MigrationName(app: "shop", name: "0001_s")])) == ["zoo.0001_a", "shop.0001_s"])
        #expect(
            names(graph.descendants(of: [MigrationName(app: "shop", name: "0001_s")])) == [
                "zoo.0003_c", "zoo.0002_b", "shop.0001_s",
            ])
    }

    @Test func `a missing dependency, a cycle and a repeated name are errors with advice`() {
        #expect(
            message { _ = try MigrationGraph([node("0002_b", after: ["0001_a"])]) }
                == "The migration zoo.0002_b depends on zoo.0001_a, which does not exist. Restore its file, install "
                + "its app, or correct the dependency.")
        #expect(
            message { _ = try MigrationGraph([node("a", after: ["b"]), node("b", after: ["a"])]) }
                == "The dependencies of migrations form a cycle: zoo.a → zoo.b → zoo.a. Remove one of them."
        )
        #expect(
            message { _ = try MigrationGraph([node("a"), node("a")]) }
                == "Two migrations have the name zoo.a. Rename one of them.")
    }

    @Test func `two last migrations of an app are a conflict`() {
        #expect(
            message {
                try MigrationGraph([node("1"), node("2_a", after: ["1"]), node("2_b", after: ["1"])]).checkConflicts()
            }
                == "The app zoo has several last migrations: 2_a, 2_b. Run makemigrations --merge, or make one of them "
                + "depend on the other.")
    }

    @Test func `a migration is found by the start of its name`() throws {
        let graph = try MigrationGraph([node("0001_a"), node("0002_b"), node("0002_c")])
        #expect(try graph.find("0001", in: "zoo").name == "0001_a")
        #expect(
            message { _ = try graph.find("0002", in: "zoo") }
                == "Several migrations of the app zoo begin with '0002': 0002_b, 0002_c. Write more of the name.")
        #expect(
            message { _ = try graph.find("0009", in: "zoo") }
                == "The app zoo has no migration whose name begins with '0009'. Run showmigrations for a list.")
    }

    @Test func `plans apply what is missing, and undo what comes later`() throws {
        let graph = try MigrationGraph([
            node("1"), node("2", after: ["1"]), node("3", after: ["2"]), node("shop.1", after: ["2"]),
        ])
        func plan(_ target: MigrationPlan.Target, _ applied: [String]) throws -> [String] {
            let applied = Set(applied.map { MigrationName($0) ?? MigrationName(app: "zoo", name: $0) })
            return try MigrationPlan(target, in: graph, applied: applied).steps.map {
                ($0.isForward ? "+" : "-") + $0.name.description
            }
        }
        #expect(try plan(.all, ["1"]) == ["+zoo.2", "+shop.1", "+zoo.3"])
        #expect(try plan(.app("zoo"), []) == ["+zoo.1", "+zoo.2", "+zoo.3"])
        #expect(
            try plan(.migration(MigrationName(app: "zoo", name: "1")), ["1", "2", "3", "shop.1"]) == [
                "-zoo.3", "-shop.1", "-zoo.2",
            ])
        #expect(try plan(.zero("shop"), ["1", "2", "shop.1"]) == ["-shop.1"])
    }
}
