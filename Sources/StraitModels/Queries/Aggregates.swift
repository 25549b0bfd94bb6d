// MARK: Functions of a group of rows

extension Expression {
    /// The number of rows in which the expression has a value; Django's `Count`.
    public var count: Calculation<Int> { aggregate("COUNT(\(self))") }
    /// The number of different values; Django's `Count` with `distinct`.
    public var distinctCount: Calculation<Int> { aggregate("COUNT(DISTINCT \(self))") }
    /// The smallest value, or nil without rows; Django's `Min`.
    public var min: Calculation<Value.Base?> { aggregate("MIN(\(self))") }
    /// The greatest value, or nil without rows; Django's `Max`.
    public var max: Calculation<Value.Base?> { aggregate("MAX(\(self))") }

    /// The number of rows that satisfy a condition, in which the expression has a value; Django's `Count` with
    /// `filter`.
    public func count(where condition: Condition) -> Calculation<Int> {
        aggregate("COUNT(\(self)) FILTER (WHERE \(condition))")
    }

    func aggregate<Result: ModelValue>(_ template: SQLTemplate) -> Calculation<Result> {
        Calculation(ExpressionNode(.calculation(template), isAggregate: true))
    }
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
