// The list of forms; a new one is a line here, most particular first.
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/benchmarks/formats/format.hpp>

namespace resident::benchmarks {

extern const Format pyperf_format, asv_format, pytest_benchmark_format, google_json_format, google_csv_format,
    google_text_format, hyperfine_json_format, hyperfine_csv_format, hyperfine_markdown_format, go_format,
    vitest_format, mitata_format, tinybench_json_format, tinybench_table_format, benchmark_js_json_format,
    benchmark_js_text_format, criterion_estimates_format, criterion_sample_format, criterion_messages_format,
    criterion_csv_format, criterion_text_format, libtest_text_format, libtest_json_format, catch2_xml_format,
    jmh_json_format, jmh_csv_format, perf_json_format, perf_csv_format, perf_text_format, fio_format, iperf3_format,
    pgbench_format, pgbench_log_format, redis_csv_format, redis_text_format, sysbench_format, openssl_format,
    stress_ng_format, gnu_time_format, shell_time_format, valgrind_profile_format, massif_format, valgrind_text_format,
    valgrind_xml_format, dhat_format, r_csv_format, r_text_format, size_format, import_time_format, plain_json_format,
    plain_csv_format;
extern const Format ab_format, wrk_format, hey_format, siege_format, httperf_format, h2load_format, locust_csv_format,
    locust_format, locust_json_format, autocannon_format, autocannon_table_format, loadtest_format, hackbench_format,
    ioping_format, multitime_format, seven_zip_format, mbw_format, iperf2_format, ips_json_format, ips_format,
    ruby_benchmark_format, perl_benchmark_format, timeit_format, deno_json_format, deno_table_format,
    catch2_console_format, bencher_format, action_benchmark_format;
extern const Format benny_json_format, benny_csv_format, bench_node_json_format, bench_node_csv_format,
    bench_node_text_format, cyclictest_json_format, cyclictest_format, perf_bench_format, compressor_format;

extern const Format hyperfine_text_format, hyperfine_table_format, pytest_table_format, mitata_text_format,
    vitest_table_format, jmh_text_format, fio_text_format, fio_terse_format, iperf3_text_format, dd_format,
    bonnie_format, hey_csv_format, ruby_memory_format, dotnet_format, k6_format;

const std::vector<const Format*>& formats() {
  static const std::vector<const Format*> list{&pyperf_format,
                                               &dotnet_format,
                                               &k6_format,
                                               &hyperfine_text_format,
                                               &hyperfine_table_format,
                                               &pytest_table_format,
                                               &mitata_text_format,
                                               &vitest_table_format,
                                               &jmh_text_format,
                                               &fio_text_format,
                                               &fio_terse_format,
                                               &iperf3_text_format,
                                               &dd_format,
                                               &bonnie_format,
                                               &hey_csv_format,
                                               &ruby_memory_format,
                                               &benny_json_format,
                                               &benny_csv_format,
                                               &bench_node_json_format,
                                               &bench_node_csv_format,
                                               &cyclictest_json_format,
                                               &perf_bench_format,
                                               &bench_node_text_format,
                                               &cyclictest_format,
                                               &compressor_format,
                                               &autocannon_format,
                                               &multitime_format,
                                               &asv_format,
                                               &pytest_benchmark_format,
                                               &google_json_format,
                                               &google_csv_format,
                                               &hyperfine_json_format,
                                               &hyperfine_csv_format,
                                               &hyperfine_markdown_format,
                                               &jmh_json_format,
                                               &jmh_csv_format,
                                               &mitata_format,
                                               &vitest_format,
                                               &fio_format,
                                               &iperf3_format,
                                               &criterion_messages_format,
                                               &criterion_estimates_format,
                                               &criterion_sample_format,
                                               &criterion_csv_format,
                                               &libtest_json_format,
                                               &dhat_format,
                                               &perf_json_format,
                                               &benchmark_js_json_format,
                                               &bencher_format,
                                               &action_benchmark_format,
                                               &tinybench_json_format,
                                               &catch2_xml_format,
                                               &valgrind_xml_format,
                                               &redis_csv_format,
                                               &r_csv_format,
                                               &openssl_format,
                                               &pgbench_format,
                                               &pgbench_log_format,
                                               &sysbench_format,
                                               &redis_text_format,
                                               &stress_ng_format,
                                               &gnu_time_format,
                                               &massif_format,
                                               &valgrind_profile_format,
                                               &valgrind_text_format,
                                               &perf_text_format,
                                               &perf_csv_format,
                                               &tinybench_table_format,
                                               &go_format,
                                               &libtest_text_format,
                                               &criterion_text_format,
                                               &google_text_format,
                                               &benchmark_js_text_format,
                                               &r_text_format,
                                               &ab_format,
                                               &wrk_format,
                                               &hey_format,
                                               &siege_format,
                                               &httperf_format,
                                               &h2load_format,
                                               &locust_csv_format,
                                               &locust_format,
                                               &locust_json_format,
                                               &autocannon_table_format,
                                               &loadtest_format,
                                               &hackbench_format,
                                               &ioping_format,
                                               &seven_zip_format,
                                               &mbw_format,
                                               &iperf2_format,
                                               &ips_json_format,
                                               &ips_format,
                                               &ruby_benchmark_format,
                                               &perl_benchmark_format,
                                               &timeit_format,
                                               &deno_json_format,
                                               &deno_table_format,
                                               &catch2_console_format,
                                               &shell_time_format,
                                               &import_time_format,
                                               &size_format,
                                               &plain_json_format,
                                               &plain_csv_format};
  return list;
}

Report read_report(std::string_view bytes, std::string_view path) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  std::string_view head = bytes.substr(0, kSniffed);
  while (!head.empty() && (head.front() == ' ' || head.front() == '\n' || head.front() == '\r' || head.front() == '\t'))
    head.remove_prefix(1);
  for (const Format* format : formats()) {
    if (!format->matches(head)) continue;
    Report report;
    report.format = format->name;
    format->read({bytes, path}, report);
    finish(report);
    return report;
  }
  throw Error(ErrorKind::failed, "no form of benchmark results is known in this file",
              "docs/guide/benchmarks.md lists the forms that are read");
}

}  // namespace resident::benchmarks
