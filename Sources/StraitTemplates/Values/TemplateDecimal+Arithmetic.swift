extension TemplateDecimal: Hashable {
    /// Whether both are the same number, whatever zeros are at their ends, as in Python.
    public static func == (left: TemplateDecimal, right: TemplateDecimal) -> Bool { left.order(right) == 0 }

    public func hash(into hasher: inout Hasher) {
        guard !isZero else { return hasher.combine(0) }
        hasher.combine(isNegative)
        hasher.combine(firstExponent)
        hasher.combine(digits.prefix((digits.lastIndex { $0 != 0 } ?? 0) + 1))
    }
}

extension TemplateDecimal {
    /// Rounds to `places` digits behind the point, halves away from zero, and pads with zeros.
    func rounded(to places: Int) -> TemplateDecimal {
        if exponent >= -places {
            let padding = isZero ? 0 : exponent + places
            return TemplateDecimal(
                isNegative: isNegative, digits: digits + [UInt8](repeating: 0, count: padding), exponent: -places)
        }
        let dropped = -places - exponent
        guard dropped <= digits.count else {
            return TemplateDecimal(isNegative: isNegative, digits: [0], exponent: -places)
        }
        let kept = digits.count - dropped
        var result = Array(digits[..<kept])
        if digits[kept] >= 5 {
            var index = kept - 1
            while index >= 0, result[index] == 9 {
                result[index] = 0
                index -= 1
            }
            if index >= 0 { result[index] += 1 } else { result.insert(1, at: 0) }
        }
        return TemplateDecimal(isNegative: isNegative, digits: result, exponent: -places)
    }

    /// Negative, 0 or positive as the number is smaller than, equal to or larger than the other one. Exact.
    func order(_ other: TemplateDecimal) -> Int {
        if isZero || other.isZero {
            return isZero ? (other.isZero ? 0 : other.isNegative ? 1 : -1) : isNegative ? -1 : 1
        }
        guard isNegative == other.isNegative else { return isNegative ? -1 : 1 }
        let sign = isNegative ? -1 : 1
        guard firstExponent == other.firstExponent else { return firstExponent < other.firstExponent ? -sign : sign }
        for index in 0..<max(digits.count, other.digits.count) {
            let (left, right) = (digits.at(index) ?? 0, other.digits.at(index) ?? 0)
            if left != right { return left < right ? -sign : sign }
        }
        return 0
    }

    /// The sum of two whole numbers without an exponent, as ``truncated(limit:)`` returns them.
    static func sum(_ left: TemplateDecimal, _ right: TemplateDecimal) -> TemplateDecimal {
        let (one, two) = left.digits.count >= right.digits.count ? (left, right) : (right, left)
        var result = [Int](repeating: 0, count: one.digits.count + 1)
        // The larger number decides about the sign, so that no borrowing is left over.
        let isLess = one.digits.count == two.digits.count && one.digits.lexicographicallyPrecedes(two.digits)
        let (large, small) = isLess ? (two, one) : (one, two)
        let sign = large.isNegative == small.isNegative ? 1 : -1
        var carry = 0
        for place in 0..<large.digits.count {
            let digit = place < small.digits.count ? Int(small.digits[small.digits.count - 1 - place]) : 0
            var value = Int(large.digits[large.digits.count - 1 - place]) + sign * digit + carry
            carry = value > 9 ? 1 : value < 0 ? -1 : 0
            value -= carry * 10
            result[result.count - 1 - place] = value
        }
        result[0] = carry
        let isZero = result.allSatisfy { $0 == 0 }
        return TemplateDecimal(
            isNegative: large.isNegative && !isZero, digits: result.map { UInt8($0) }, exponent: 0, isInteger: true)
    }

    /// Whether a whole number without an exponent is a multiple of another one, which is not 0.
    func isMultiple(of divisor: TemplateDecimal) -> Bool {
        if let divisor = divisor.int {
            let divisor = UInt128(divisor.magnitude)
            return digits.reduce(UInt128(0)) { ($0 * 10 + UInt128($1)) % divisor } == 0
        }
        var rest: [UInt8] = []
        for digit in digits {
            if !rest.isEmpty || digit != 0 { rest.append(digit) }
            while rest.count > divisor.digits.count
                || (rest.count == divisor.digits.count && !rest.lexicographicallyPrecedes(divisor.digits))
            {
                Self.subtract(divisor.digits, from: &rest)
            }
        }
        return rest.isEmpty
    }

    /// Subtracts a number that is not larger, and drops the zeros in front.
    private static func subtract(_ digits: [UInt8], from rest: inout [UInt8]) {
        var borrow: UInt8 = 0
        for place in 1...rest.count {
            let digit = (place <= digits.count ? digits[digits.count - place] : 0) + borrow
            let index = rest.count - place
            borrow = rest[index] < digit ? 1 : 0
            rest[index] = rest[index] + borrow * 10 - digit
        }
        rest.removeFirst(rest.prefix { $0 == 0 }.count)
    }

    /// The digits of a whole number without an exponent in base `radix`, at most 16, without its sign.
    func digits(radix: Int) -> String {
        var rest = digits
        var result: [UInt8] = []
        while !rest.isEmpty {
            var remainder = 0
            var quotient: [UInt8] = []
            for digit in rest {
                let value = remainder * 10 + Int(digit)
                if value >= radix || !quotient.isEmpty { quotient.append(UInt8(value / radix)) }
                remainder = value % radix
            }
            result.append(contentsOf: String(remainder, radix: radix).utf8)
            rest = quotient
        }
        return String(decoding: result.reversed(), as: UTF8.self)
    }
}
