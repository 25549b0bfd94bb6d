extension Validator {
    /// This validator for optional values. Nil passes unchecked.
    var orEmpty: Validator<Value?> {
        Validator<Value?> { value throws(ValidationError) in
            if let value { try self(value) }
        }
    }
}
