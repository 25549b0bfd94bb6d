import StraitModels
import Synchronization
import Testing

@testable import StraitMigrations

@Suite struct Questioners {
    /// Returns a questioner with answers, and the questions so far.
    private func questioner(_ answers: [String]) -> (TerminalQuestioner, () -> [String]) {
        final class Terminal: Sendable {
            let state: Mutex<(answers: [String], questions: [String])>
            init(_ answers: [String]) { state = Mutex((answers, [])) }
            func ask(_ question: String) -> String? {
                state.withLock { state in
                    state.questions.append(question)
                    return state.answers.isEmpty ? nil : state.answers.removeFirst()
                }
            }
        }
        let terminal = Terminal(answers)
        return (TerminalQuestioner { terminal.ask($0) }, { terminal.state.withLock(\.questions) })
    }

    private let model = ModelName(app: "zoo", name: "Animal")
    private let field = ModelField("age", name: "age", column: "age", kind: .integer)

    @Test func `a rename needs a yes`() {
        let (asked, questions) = questioner(["what?", "Y"])
        #expect(asked.isRenamed(model, to: ModelName(app: "zoo", name: "Beast")))
        #expect(questions() == Array(repeating: "Was the model zoo.Animal renamed to Beast? [y/N] ", count: 2))
        #expect(!questioner([""]).0.isRenamed(field, to: field, of: model))
        #expect(!questioner([]).0.isRenamed(field, to: field, of: model))
    }

    @Test func `a value is a literal in Swift, and no value is an error`() throws {
        #expect(try questioner(["seven", "7"]).0.value(for: field, of: model, isNew: true) == 7)
        #expect(
            message { _ = try questioner([""]).0.value(for: field, of: model, isNew: true) }
                == "No value for the field age of zoo.Animal, so nothing was written. Make it optional, or give it a "
                + "@DatabaseDefault.")
    }
}
