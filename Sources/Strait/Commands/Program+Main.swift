internal import Glibc
internal import StraitNetwork

extension Program {
    /// The file name by which the process was called.
    private static var calledName: String {
        let path = CommandLine.arguments.first ?? ""
        return path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Creates the program of `site` for this process.
    init(site: any Site) {
        self.init(
            name: Self.calledName, site: site, output: { LineOutput.standardOutput.writeWhole($0) },
            errors: { LineOutput.standardError.writeWhole($0) })
    }

    /// Runs the process' command line, and exits with the result.
    package func main() async -> Never {
        exit(await run(Array(CommandLine.arguments.dropFirst())))
    }
}
