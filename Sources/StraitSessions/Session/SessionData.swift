public import StraitCore
internal import StraitJSON

/// The values of a session, each as JSON. Values that nobody reads are stored again as they are, with all digits of
/// their numbers.
public struct SessionData: Sendable, Equatable {
    private var keys: [String] = []
    private var values: [Bytes] = []

    /// Creates data without values.
    public init() {}

    /// Reads a JSON object, as Django's JSON serializer writes it. If a key is repeated, the last value counts.
    ///
    /// - Throws: ``/StraitJSON/JSONError`` if the bytes are not a JSON object.
    public init(json: Bytes) throws {
        let document = try JSONDocument(json, dialect: .python)
        guard document.tokens[0].kind == .object else {
            throw JSONError(.shape, at: 0, "Expected an object, which begins with '{'")
        }
        document.forEachMember(of: 0, isUnique: false) { (key, value) throws(Never) in
            self[document.string(key)] = document.json(at: value)
        }
    }

    /// The values as a JSON object, in the order in which they were added.
    public var json: Bytes {
        var output = ByteBuffer(capacity: 256)
        output.append(UInt8(ascii: "{"))
        for (index, key) in keys.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            output.append(json: key)
            output.append(UInt8(ascii: ":"))
            output.append(values[index])
        }
        output.append(UInt8(ascii: "}"))
        return output.freeze()
    }

    /// The names of the values, in order.
    public var names: [String] { keys }

    /// Whether there are no values.
    public var isEmpty: Bool { keys.isEmpty }

    /// The JSON of a value, or nil if there is none. Setting nil removes the value.
    public subscript(name: String) -> Bytes? {
        get { keys.firstIndex(of: name).map { values[$0] } }
        set {
            switch (keys.firstIndex(of: name), newValue) {
            case (let index?, let value?): values[index] = value
            case (let index?, nil):
                keys.remove(at: index)
                values.remove(at: index)
            case (nil, let value?):
                keys.append(name)
                values.append(value)
            case (nil, nil): break
            }
        }
    }
}
