// MARK: Functions of a group of rows

extension Expression {
    /// The number of rows in which the expression has a value; Django's `Count`.
    public var count: Calculation<Int> { aggregate("COUNT(\(self))") }
    /// The number of different values; Django's `Count` with `distinct`.
    public var distinctCount: Calculation<Int> { aggregate("COUNT(DISTINCT \(self))") }
    /// The smallest value, or nil without rows; Django's `Min`. False is less than true.
    public var min: Calculation<Value.Base?> { extreme("MIN") }
    /// The greatest value, or nil without rows; Django's `Max`. False is less than true.
    public var max: Calculation<Value.Base?> { extreme("MAX") }

    /// The smallest or greatest value. PostgreSQL compares truth values, UUIDs and bytes, but has these functions only
    /// for their texts, whose order is the same.
    private func extreme(_ name: String) -> Calculation<Value.Base?> {
        let (start, end) =
            switch Value.fieldKind {
            case .boolean: ("\(name)((", ")::int)::boolean")
            case .uuid: ("\(name)((", ")::text COLLATE \"C\")::uuid")
            case .binary: ("DECODE(\(name)(ENCODE(", ", 'hex') COLLATE \"C\"), 'hex')")
            default: ("\(name)(", ")")
            }
        return aggregate(
            SQLTemplate(parts: [
                .engines(sqlite: "\(name)(", postgreSQL: start), .node(node), .engines(sqlite: ")", postgreSQL: end),
            ]))
    }

    /// The number of rows that satisfy a condition, in which the expression has a value; Django's `Count` with
    /// `filter`.
    public func count(where condition: Condition) -> Calculation<Int> {
        aggregate("COUNT(\(self)) FILTER (WHERE \(condition))")
    }

    func aggregate<Result: ModelValue>(_ template: SQLTemplate) -> Calculation<Result> {
        Calculation(ExpressionNode(.calculation(template), isAggregate: true))
    }
}

extension Expression where Value.Base: JSONStored {
    /// Not available: JSON has no smallest value.
    @available(
        *, unavailable, message: "JSON has no order. Use a value in it: `$0.data.json(\"a\", as: Int.self).min`."
    )
    public var min: Calculation<Value.Base?> { aggregate("MIN(\(self))") }
    /// Not available: JSON has no greatest value.
    @available(
        *, unavailable, message: "JSON has no order. Use a value in it: `$0.data.json(\"a\", as: Int.self).max`."
    )
    public var max: Calculation<Value.Base?> { aggregate("MAX(\(self))") }
}

extension Expression where Value.Base: Numeric {
    /// The sum, or nil without rows; Django's `Sum`.
    public var sum: Calculation<Value.Base?> { aggregate("SUM(\(self))") }
    /// The mean, or nil without rows; Django's `Avg`.
    public var average: Calculation<Double?> {
        aggregate("AVG(\(self))\(sqlite: "", postgreSQL: "::double precision")")
    }

    /// The sum of the rows that satisfy a condition; Django's `Sum` with `filter`.
    public func sum(where condition: Condition) -> Calculation<Value.Base?> {
        aggregate("SUM(\(self)) FILTER (WHERE \(condition))")
    }
}

extension Expression where Value.Base: FixedWidthInteger {
    /// The sum, or nil without rows; Django's `Sum`. The sum of small integers has 64 bits.
    public var sum: Calculation<Int?> { aggregate("SUM(\(self))") }

    /// The sum of the rows that satisfy a condition; Django's `Sum` with `filter`.
    public func sum(where condition: Condition) -> Calculation<Int?> {
        aggregate("SUM(\(self)) FILTER (WHERE \(condition))")
    }
}
