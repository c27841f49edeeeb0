window.BENCHMARK_DATA = {
  "lastUpdate": 1704153700000,
  "repoUrl": "https://github.com/o/r",
  "entries": {
    "Go Benchmark": [
      {"commit": {"id": "1111111111111111111111111111111111111111", "timestamp": "2024-01-01T00:00:00Z"}, "date": 1704067200000, "tool": "go",
       "benches": [{"name": "BenchmarkScan", "value": 1000, "unit": "ns/op", "extra": "100 times"}]},
      {"commit": {"id": "2222222222222222222222222222222222222222", "timestamp": "2024-01-02T00:00:00Z"}, "date": 1704153600000, "tool": "go",
       "benches": [{"name": "BenchmarkScan", "value": 2000, "unit": "ns/op"}]}
    ]
  }
};
