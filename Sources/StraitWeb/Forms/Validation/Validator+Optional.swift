extension Validator {
    /// The same of a value that may be empty, which is not looked at.
    var orEmpty: Validator<Value?> {
        Validator<Value?> { value throws(ValidationError) in
            if let value { try self(value) }
        }
    }
}
