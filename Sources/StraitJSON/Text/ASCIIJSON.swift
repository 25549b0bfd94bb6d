package import StraitCore

extension Bytes {
    /// This JSON with an escape for each non-ASCII character, as Python writes it.
    package var asciiJSON: Bytes {
        if span.indices.allSatisfy({ span[$0] < 0x80 }) { return self }
        var output = ByteBuffer(capacity: count * 2)
        for scalar in String(decoding: self, as: UTF8.self).unicodeScalars {
            if scalar.isASCII {
                output.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                    let digits = String(unit, radix: 16)
                    output.append("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
                }
            }
        }
        return output.freeze()
    }
}
