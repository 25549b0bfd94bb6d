import Testing

@testable import StraitUploads

@Suite struct `Upload journals` {
    @Test func `a record is read as it was written`() throws {
        let record = UploadJournal.Record(durable: 5_000_000_000, epoch: 7, time: 1_700_000_000)
        #expect(record.encoded.count == UploadJournal.Record.size)
        #expect(UploadJournal.Record(record.encoded[...]) == record)
    }

    @Test func `a record with a changed, missing or additional byte is not read`() {
        let bytes = UploadJournal.Record(durable: 1, epoch: 2, time: 3).encoded
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            #expect(UploadJournal.Record(changed[...]) == nil)
        }
        #expect(UploadJournal.Record(bytes.dropLast()) == nil)
        #expect(UploadJournal.Record((bytes + [0])[...]) == nil)
    }
}
