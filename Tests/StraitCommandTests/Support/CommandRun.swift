import Foundation

@testable import StraitCommand

/// The output and the exit code of `strait`.
struct CommandRun: Equatable {
    var code: Int32
    var output: [String] = []
    var errors: [String] = []

    /// Runs the command line in the test's process.
    static func of(_ words: String...) -> CommandRun {
        var (output, errors): ([String], [String]) = ([], [])
        let tool = Tool(output: { output.append($0) }, errors: { errors.append($0) })
        let code = tool.run(words)
        return CommandRun(code: code, output: output, errors: errors)
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
