import Synchronization

@testable import Strait

/// A program's output and its exit code.
struct ProgramRun: Equatable {
    var code: Int32
    var output: [String]
    var errors: [String]

    /// Runs `site`'s command line in the test's process.
    static func of(
        _ site: any Site, _ line: String, environment: [String: String] = ["DEBUG": "true"]
    ) async -> ProgramRun {
        let output = Lines()
        let errors = Lines()
        let program = Program(
            name: "mysite", site: site, environment: environment, output: { output.append($0) },
            errors: { errors.append($0) })
        let code = await program.run(line.split(separator: " ").map(String.init))
        return ProgramRun(code: code, output: output.all, errors: errors.all)
    }
}

/// Lines in the order in which they were printed.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    func append(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}
