import Strait

/// The tables of the models that `inspectdb` has written.
package let tables: [ModelTable] = [
    TableDate.table,
    Beasts.table,
    BeastsFriends.table,
    BeastsLabels.table,
    BeastsMarks.table,
    TableDate2.table,
    Diaries.table,
    Keepers.table,
    KindsKind.table,
    KindsSite.table,
    OddParts.table,
    TableOrder.table,
    UnsaidParts.table,
    ZooAverylongmodelnamethatmakesthenamesofitsindexestoolong.table,
    ZooBadge.table,
    ZooSpecies.table,
]
