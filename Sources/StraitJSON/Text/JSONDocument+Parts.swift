package import StraitCore

extension JSONDocument {
    /// Returns the value at `index` as JSON without spaces. Numbers and strings keep their spelling.
    package func json(at index: Int) -> Bytes {
        var output = ByteBuffer()
        append(index, to: &output)
        return output.freeze()
    }

    /// The nesting is limited by the coder that parsed the document.
    private func append(_ index: Int, to output: inout ByteBuffer) {
        let token = tokens[index]
        switch token.kind {
        case .null: output.append("null")
        case .true: output.append("true")
        case .false: output.append("false")
        case .number: output.append(bytes.slice(Int(token.start)..<Int(token.end)))
        case .string: append(string: token, to: &output)
        case .array:
            output.append(UInt8(ascii: "["))
            var element = index &+ 1
            for place in 0..<token.count {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                append(element, to: &output)
                element = Int(tokens[element].next)
            }
            output.append(UInt8(ascii: "]"))
        case .object:
            output.append(UInt8(ascii: "{"))
            var separator = false
            forEachMember(of: index, isUnique: false) { (key, value) throws(Never) in
                if separator { output.append(UInt8(ascii: ",")) }
                separator = true
                append(string: key, to: &output)
                output.append(UInt8(ascii: ":"))
                append(value, to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private func append(string token: JSONToken, to output: inout ByteBuffer) {
        output.append(UInt8(ascii: "\""))
        output.append(bytes.slice(Int(token.start)..<Int(token.end)))
        output.append(UInt8(ascii: "\""))
    }
}
