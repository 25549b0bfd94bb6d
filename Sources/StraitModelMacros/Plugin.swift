import SwiftSyntaxMacros

#if canImport(SwiftCompilerPlugin)
import SwiftCompilerPlugin

@main struct Plugin: CompilerPlugin {
    let providingMacros: [any Macro.Type] = [ModelMacro.self, FieldOptionMacro.self, ManyToManyMacro.self]
}
#else
// The toolchain has the message handling behind SPI, and no module with the connection, which is therefore here.
import Foundation
@_spi(PluginMessage) import SwiftCompilerPluginMessageHandling

@main struct Plugin {
    static func main() throws {
        try CompilerPluginMessageListener(connection: StandardIOConnection(), provider: Macros()).main()
    }
}

/// The macros of this program by name.
private struct Macros: PluginProvider {
    func resolveMacro(moduleName: String, typeName: String) throws -> any Macro.Type {
        switch typeName {
        case "ModelMacro": ModelMacro.self
        case "FieldOptionMacro": FieldOptionMacro.self
        case "ManyToManyMacro": ManyToManyMacro.self
        default: throw UnknownMacro(name: typeName)
        }
    }
}

private struct UnknownMacro: Error, CustomStringConvertible {
    let name: String
    var description: String { "StraitModelMacros has no macro \(name)." }
}

/// The compiler's messages on standard input and output: a length of eight bytes, little-endian, then JSON.
private struct StandardIOConnection: MessageConnection {
    func sendMessage<Message: Encodable>(_ message: Message) throws {
        let body = try JSONEncoder().encode(message)
        let length = withUnsafeBytes(of: UInt64(body.count).littleEndian) { Data($0) }
        try FileHandle.standardOutput.write(contentsOf: length + body)
    }

    func waitForNextMessage<Message: Decodable>(_ type: Message.Type) throws -> Message? {
        guard let head = try FileHandle.standardInput.read(upToCount: 8), head.count == 8 else { return nil }
        let length = head.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        guard let body = try FileHandle.standardInput.read(upToCount: length), body.count == length else {
            return nil
        }
        return try JSONDecoder().decode(type, from: body)
    }
}
#endif
