internal import Glibc
internal import StraitNetwork

extension Program {
    /// The name that the process was called by, without its folder.
    private static var calledName: String {
        let path = CommandLine.arguments.first ?? ""
        return path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The process as the program of `site`.
    init(site: any Site) {
        self.init(
            name: Self.calledName, site: site, output: { LineOutput.standardOutput.writeWhole($0) },
            errors: { LineOutput.standardError.writeWhole($0) })
    }

    /// Does what the process' command line asks for and ends it with the exit code.
    package func main() async -> Never {
        exit(await run(Array(CommandLine.arguments.dropFirst())))
    }
}
