/// Why a text is no JSON that a message can be read from. It quotes nothing of the text but single characters: there
/// may be passwords in it.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where reading ended, in bytes from the start.
    package let position: Int
    /// What is wrong and what to do, without where.
    let reason: String

    package var description: String { "\(reason) It is byte \(position) of the JSON." }

    static func truncated(_ position: Int) -> JSONError {
        JSONError(position: position, reason: "The JSON ends within a value. Send all of it.")
    }

    static func unexpected(_ byte: UInt8, wanted: StaticString, _ position: Int) -> JSONError {
        let found =
            (0x21..<0x7F).contains(byte)
            ? "the character \"\(Unicode.Scalar(byte))\"" : "the byte 0x\(String(byte, radix: 16))"
        return JSONError(
            position: position, reason: "The JSON has \(found) where there may only be \(wanted).")
    }

    static func control(_ byte: UInt8, _ position: Int) -> JSONError {
        let code = String(byte, radix: 16)
        return JSONError(
            position: position,
            reason:
                "A string in the JSON has the control character 0x\(code). Write \\u00\(byte < 16 ? "0" : "")\(code)."
        )
    }

    static func escape(_ position: Int) -> JSONError {
        JSONError(
            position: position,
            reason: "A string in the JSON has a backslash before what is no escape. Write \\\\ for a backslash.")
    }

    static func invalidText(_ position: Int) -> JSONError {
        JSONError(position: position, reason: "A string in the JSON is not UTF-8. Write \\u and four digits instead.")
    }

    static func number(_ position: Int) -> JSONError {
        JSONError(
            position: position,
            reason: "A number in the JSON is none as JSON has them. Write digits without leading zeros.")
    }

    static func largeNumber(_ position: Int) -> JSONError {
        JSONError(
            position: position,
            reason: "A whole number in the JSON does not even fit into 64 bits of floating point. Send it as a string.")
    }

    static func longNumber(limit: Int, _ position: Int) -> JSONError {
        JSONError(
            position: position, reason: "A number in the JSON has over \(limit) characters. Send it as a string.")
    }

    static func trailing(_ position: Int) -> JSONError {
        JSONError(position: position, reason: "Something follows the value in the JSON. Send one value.")
    }

    static let notObject = JSONError(
        position: 0, reason: "The JSON is no object. Send a dictionary, as \"{\" begins one.")

    static func tooLarge(limit: Int) -> JSONError {
        JSONError(
            position: limit, reason: "The message is over the limit of \(limit) bytes as JSON. Send less at once.")
    }

    static func tooDeep(limit: Int, _ position: Int) -> JSONError {
        JSONError(position: position, reason: "The message is nested over \(limit) deep. Send it flatter.")
    }

    static func tooMany(limit: Int, _ position: Int) -> JSONError {
        JSONError(position: position, reason: "The message has over \(limit) values in it. Send less at once.")
    }
}
