extension TemplateDecimal: Hashable {
    /// Whether both numbers are equal. As in Python, trailing zeros do not count.
    public static func == (left: TemplateDecimal, right: TemplateDecimal) -> Bool { left.order(right) == 0 }

    /// Hashes the number without its trailing zeros, to match `==`.
    public func hash(into hasher: inout Hasher) {
        guard !isZero else { return hasher.combine(0) }
        hasher.combine(isNegative)
        hasher.combine(firstExponent)
        hasher.combine(digits.prefix((digits.lastIndex { $0 != 0 } ?? 0) + 1))
    }
}

extension TemplateDecimal {
    /// Returns the number with exactly `places` decimal places. Halves round away from zero.
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

    /// Returns a negative number, 0 or a positive number if the number is less than, equal to or greater than `other`.
    /// The comparison is exact.
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

    /// Returns the sum of two whole numbers without an exponent, as ``truncated(limit:)`` returns them.
    static func sum(_ left: TemplateDecimal, _ right: TemplateDecimal) -> TemplateDecimal {
        let (one, two) = left.digits.count >= right.digits.count ? (left, right) : (right, left)
        var result = [Int](repeating: 0, count: one.digits.count + 1)
        // The number with the larger magnitude gives the sign, so the subtraction leaves no borrow.
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

    /// Whether the number is a multiple of `divisor`. Both must be whole numbers without an exponent, and `divisor`
    /// must not be 0.
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

    /// Subtracts a number that is not larger than `rest`, and removes leading zeros.
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

    /// Returns the digits in base `radix`, without the sign. The number must be whole, without an exponent. `radix` is
    /// at most 16.
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
