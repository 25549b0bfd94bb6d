import StraitCore
import StraitTesting
import Testing

@testable import StraitDatabase

@Suite struct `Errors of PostgreSQL` {
    private func error(_ state: String, _ message: String = "m", detail: String? = nil) -> DatabaseError {
        PostgresFailure(state: state, message: message, detail: detail, table: "t", constraint: "c").error
    }

    @Test func `a unique violation names the columns, or the constraint if there are only expressions`() {
        #expect(error("23505", detail: #"Key (a, "b c")=(1, (2)=(3)) already exists."#).columns == ["a", "b c"])
        #expect(error("23505", detail: "Schlüssel »(a)=(1)« existiert bereits.").columns == ["a"])
        for detail in ["Key (lower(a))=(x) already exists.", "Key", nil] {
            let error = error("23505", detail: detail)
            #expect(error.columns.isEmpty)
            #expect(
                error.description
                    == "Another row has the same values in the unique index c. Change one of the rows.")
        }
    }

    @Test(arguments: [
        ("40001", DatabaseError.Code.serialization), ("40P01", .serialization), ("55P03", .busy), ("25P02", .other),
        ("57P01", .connection), ("57P02", .connection), ("08006", .connection), ("22001", .value), ("22P02", .value),
        ("42601", .syntax), ("42P07", .syntax), ("42501", .other), ("53100", .limit), ("54000", .limit),
        ("23P01", .unique), ("XX000", .other), ("", .connection),
    ])
    func `each SQLSTATE has a code`(state: String, code: DatabaseError.Code) {
        #expect(error(state).code == code)
        #expect(error(state).isRetryable == [.serialization, .busy].contains(code))
    }

    @Test func `a cancellation and the time limit have the same SQLSTATE`() {
        #expect(error("57014", "canceling statement due to user request").code == .cancelled)
        #expect(error("57014", "canceling statement due to statement timeout").code == .timeout)
    }

    @Test(arguments: Seeds(100))
    func `any text of a server is an error (fuzz)`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let parts = [
            "Key ", "(", ")=(", ")", "\"", "a", ", ", "\n", "FATAL:  ", "28P01: ", "53300:", "é", "\u{301}", ".",
        ]
        let states = ["23505", "42703", "42P01", "57014", "", "?"]
        let configuration = PostgresConfiguration(host: .tcp("h"), database: "d")
        for _ in 0..<50 {
            let count = Int.random(in: 0..<10, using: &generator)
            let text = (0..<count).compactMap { _ in parts.randomElement(using: &generator) }.joined()
            for state in states { #expect(!error(state, text, detail: text).description.isEmpty) }
            #expect(configuration.error(text).error.code == .connection)
        }
    }
}
