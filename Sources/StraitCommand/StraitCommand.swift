import Foundation

/// The program `strait`, with the commands that need no site; Django's `django-admin`.
@main struct StraitCommand {
    static func main() {
        let tool = Tool(
            output: { print($0) }, errors: { FileHandle.standardError.write(Data("\($0)\n".utf8)) })
        exit(tool.run(Array(CommandLine.arguments.dropFirst())))
    }
}
