import Testing

@testable import signetbench

@Suite struct LatencyHistogramTests {
  @Test func smallValuesAreExact() {
    var histogram = LatencyHistogram()
    for value in 1...1_000 as ClosedRange<UInt64> { histogram.record(value) }
    #expect(histogram.quantile(0.5) == 500)
    #expect(histogram.quantile(0.99) == 990)
    #expect(histogram.quantile(1) == 1_000)
    #expect(histogram.mean == 500.5)
    #expect(histogram.count == 1_000)
  }

  @Test(
    arguments: [
      2_047, 2_048, 2_049, 4_095, 4_096, 123_456, 1_000_000, 999_999_999, 59_999_999_999,
    ] as [UInt64])
  func everyValueIsKnownToThreeDigits(_ value: UInt64) {
    var histogram = LatencyHistogram()
    histogram.record(value)
    histogram.record(60_000_000_000)
    let found = histogram.quantile(0.5)
    #expect(found >= value)
    #expect(Double(found - value) <= Double(value) / 1_000)
  }

  @Test func quantilesOfManyMagnitudesAreTheSortedValues() {
    var histogram = LatencyHistogram()
    var numbers = RandomNumbers(seed: 7)
    var values: [UInt64] = []
    for _ in 0..<20_000 {
      let value = numbers.next() >> UInt64(29 + numbers.below(30))
      values.append(value)
      histogram.record(value)
    }
    values.sort()
    for fraction in [0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1] {
      let exact = values[max(Int((fraction * 20_000).rounded(.up)), 1) - 1]
      let found = histogram.quantile(fraction)
      #expect(found >= exact)
      #expect(Double(found) <= Double(exact) * 1.001 + 1)
    }
  }

  @Test func valuesAboveTheLimitKeepTheirMaximum() {
    var histogram = LatencyHistogram()
    let large: UInt64 = 1 << 62
    histogram.record(large)
    histogram.record(1)
    #expect(histogram.max == large)
    #expect(histogram.quantile(0.5) == 1)
    #expect(histogram.quantile(1) >= LatencyHistogram.limitNanos)
  }

  @Test func anEmptyOneSaysZeroAndResetEmpties() {
    var histogram = LatencyHistogram()
    histogram.record(5)
    histogram.reset()
    #expect(histogram.count == 0 && histogram.max == 0 && histogram.mean == 0)
    #expect(histogram.quantile(0.99) == 0)
  }
}
