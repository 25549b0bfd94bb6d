import StraitCore
import Testing

@Suite struct CivilDateTests {
    @Test func `all days from year -1 to 10000 follow each other, with their weekdays and ISO weeks`() {
        var date = CivilDate(year: -1, month: 1, day: 1)
        var days = -719_893
        // January 1 of year -1 is a Friday in week 53 of year -2.
        var (weekday, week, weekYear) = (4, 53, -2)
        while date.year <= 10_000 {
            guard date.daysSinceEpoch == days, CivilDate(daysSinceEpoch: days) == date,
                CivilDate.weekday(ofDay: days) == weekday, date.isoWeek == (weekYear, week),
                CivilDate(isoYear: weekYear, week: week, weekday: weekday + 1) == date
            else {
                Issue.record("\(date) has day \(date.daysSinceEpoch), week \(date.isoWeek), not \(days), \(week)")
                return
            }
            days += 1
            weekday = (weekday + 1) % 7
            let isLastOfMonth = date.day == CivilDate.length(ofMonth: date.month, date.year)
            date = CivilDate(
                year: isLastOfMonth && date.month == 12 ? date.year + 1 : date.year,
                month: isLastOfMonth ? date.month % 12 + 1 : date.month, day: isLastOfMonth ? 1 : date.day + 1)
            guard weekday == 0 else { continue }
            // The first week is the one that contains January 4.
            let isFirst = (date.month == 12 && date.day >= 29) || (date.month == 1 && date.day <= 4)
            (week, weekYear) =
                isFirst ? (1, date.month == 12 ? date.year + 1 : date.year) : (week + 1, weekYear)
        }
    }

    @Test func `leap years are those of the Gregorian calendar`() {
        #expect(
            [1896, 1900, 1904, 1999, 2000, 2024, 2100].map(CivilDate.isLeap) == [
                true, false, true, false, true, true, false,
            ])
        #expect(CivilDate.exists(2000, 2, 29) && !CivilDate.exists(1900, 2, 29) && !CivilDate.exists(2023, 4, 31))
        #expect(!CivilDate.exists(0, 1, 1) && !CivilDate.exists(10_000, 1, 1) && !CivilDate.exists(1, 13, 1))
        #expect(CivilDate(isoYear: 2026, week: 53, weekday: 7) != nil)
        #expect(CivilDate(isoYear: 2025, week: 53, weekday: 1) == nil)
    }

    @Test func `the day of the year counts from 1`() {
        #expect(CivilDate(year: 2024, month: 12, day: 31).dayOfYear == 366)
        #expect(CivilDate(year: 2023, month: 3, day: 1).dayOfYear == 60)
    }

    @Test func `the range of seconds covers the years of Python's datetime`() {
        #expect(CivilDate.seconds.lowerBound == CivilDate(year: 1, month: 1, day: 1).daysSinceEpoch * 86_400)
        #expect(CivilDate.seconds.upperBound == CivilDate(year: 10_000, month: 1, day: 1).daysSinceEpoch * 86_400)
    }

    @Test func `ISO text has leading zeros, and has microseconds and offset seconds only if they are not zero`() {
        #expect(ISODateText.date(CivilDate(year: 26, month: 2, day: 3)) == "0026-02-03")
        #expect(ISODateText.time(hour: 1, minute: 2, second: 3) == "01:02:03")
        #expect(ISODateText.time(hour: 1, minute: 2, second: 3, microsecond: 40) == "01:02:03.000040")
        #expect(ISODateText.time(secondOfDay: 86_399) == "23:59:59")
        #expect(
            [0, 7200, -5400, -30, 86_399].map(ISODateText.offset) == [
                "+00:00", "+02:00", "-01:30", "-00:00:30", "+23:59:59",
            ])
        #expect((-7).floored(by: 2) == -4 && (-7).modulo(2) == 1)
    }
}
