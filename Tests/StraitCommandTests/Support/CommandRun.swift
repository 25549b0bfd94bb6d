import Foundation
import Strait
import Synchronization

@testable import StraitCommand

/// What `strait` printed, and the code that it ended with.
struct CommandRun: Equatable {
    var code: Int32
    var output: [String] = []
    var errors: [String] = []

    /// Runs the command line inside the test.
    static func of(_ words: String...) async -> CommandRun {
        let lines = Mutex((output: [String](), errors: [String]()))
        let program = Program(
            name: "strait", commands: [StartProject.self],
            output: { line in lines.withLock { $0.output.append(line) } },
            errors: { line in lines.withLock { $0.errors.append(line) } })
        let code = await program.run(words)
        return lines.withLock { CommandRun(code: code, output: $0.output, errors: $0.errors) }
    }

    static func refused(_ message: String, code: Int32 = 1) -> CommandRun {
        CommandRun(code: code, errors: ["strait: " + message])
    }
}

/// The checkout that the tests are part of.
enum OwnCheckout {
    static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().resolvingSymlinksInPath().path
}
