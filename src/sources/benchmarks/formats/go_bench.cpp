// go test -bench, as text and out of the stream of go test -json. https://go.dev/design/14313-benchmark-format
//
// A name ends in -N where the benchmark ran with N processors, but not for one: in "BenchmarkSub/dash-2" the -2 may be
// the name's own. What is what is told from all names of the file together.
#include <set>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

struct GoLine {
  std::string package, name;
  std::vector<std::pair<double, std::string>> figures;
};

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= line.size(); ++i)
    if (i == line.size() || line[i] == ' ' || line[i] == '\t') {
      if (i > begin) words.push_back(line.substr(begin, i - begin));
      begin = i + 1;
    }
  return words;
}

bool is_result(const std::vector<std::string_view>& words) {
  return words.size() >= 4 && words[0].starts_with("Benchmark") && number_in(words[1]) && number_in(words[2]) &&
         words.size() % 2 == 0;
}

bool matches_go(std::string_view head) {
  bool found = false, is_stream = false;
  if (head.starts_with("{\"Time\":") || head.starts_with("{\"Action\":") || head.starts_with("{\"ImportPath\":")) {
    is_stream = has(head, "Benchmark") && (has(head, "/op") || has(head, "\"Test\":\"Benchmark"));
    return is_stream && has(head, "\"Action\":\"output\"");
  }
  each_line(head, [&](std::string_view line) {
    if (!found && line.starts_with("Benchmark")) found = is_result(words_of(line));
  });
  return found;
}

// The output of each package of a stream, put together: a name and its figures stand in two events.
std::string text_of_stream(std::string_view bytes, Builder& builder) {
  std::map<std::string, std::string> by_package;
  const std::size_t broken = each_json_line(bytes, [&](const element& event) {
    if (text_of(event, "Action") == "output")
      by_package[std::string(text_of(event, "Package"))] += text_of(event, "Output");
  });
  if (broken > 0) builder.incomplete("a line is cut off");
  std::string text;
  for (const auto& [package, output] : by_package) text += "pkg: " + package + "\n" + output;
  return text;
}

// The -N at the end: the name before it and N; nothing where there is none.
std::optional<std::pair<std::string, std::string>> with_suffix(const std::string& name) {
  const std::size_t dash = name.rfind('-');
  if (dash == std::string::npos || dash + 1 == name.size() || dash + 6 < name.size() || name[dash + 1] == '0')
    return std::nullopt;
  for (std::size_t i = dash + 1; i < name.size(); ++i)
    if (name[i] < '0' || name[i] > '9') return std::nullopt;
  return std::pair(name.substr(0, dash), name.substr(dash + 1));
}

// Numbers of processors the file's benchmarks ran with; "1" leaves no mark on a name.
std::set<std::string> processors_of(const std::set<std::string>& names) {
  std::set<std::string> suffixes, processors;
  bool has_bare = false;
  for (const auto& name : names) {
    if (const auto end = with_suffix(name))
      suffixes.insert(end->second);
    else
      has_bare = true;
  }
  if (!has_bare) return suffixes;
  processors.insert("1");
  for (const auto& suffix : suffixes) {
    bool all = true;
    for (const auto& name : names) all = all && (with_suffix(name) || names.contains(name + "-" + suffix));
    if (all) processors.insert(suffix);
  }
  return processors;
}

void read_go(const Input& input, Report& report) {
  report.tool = "go-bench";
  Builder builder(report);
  std::string joined;
  std::string_view bytes = input.bytes;
  if (trim(bytes.substr(0, 200)).starts_with('{')) joined = text_of_stream(bytes, builder), bytes = joined;
  std::vector<GoLine> lines;
  std::set<std::string> names, packages;
  std::string package;
  bool failed = false;
  each_line(bytes, [&](std::string_view line) {
    const auto setting = [&](std::string_view key) -> std::optional<std::string_view> {
      if (!line.starts_with(key)) return std::nullopt;
      return trim(line.substr(key.size()));
    };
    if (const auto value = setting("pkg: ")) package = *value;
    if (const auto value = setting("goos: ")) builder.environment("os", *value);
    if (const auto value = setting("goarch: ")) builder.environment("architecture", *value);
    if (const auto value = setting("cpu: ")) builder.environment("cpu", *value);
    if (const auto value = setting("commit: ")) report.commit = *value;
    failed = failed || line.starts_with("FAIL");
    const auto words = words_of(line);
    if (!is_result(words) || lines.size() >= kMostValues) return;
    GoLine result{package, std::string(words[0]), {}};
    for (std::size_t i = 2; i + 1 < words.size(); i += 2)
      if (const auto number = number_in(words[i])) result.figures.emplace_back(*number, std::string(words[i + 1]));
    names.insert(result.name);
    packages.insert(package);
    lines.push_back(std::move(result));
  });
  const auto processors = processors_of(names);
  const bool many = processors.size() > 1;
  for (const auto& line : lines) {
    std::string name = line.name, count = "1";
    if (const auto end = with_suffix(name); end && processors.contains(end->second)) {
      // With one processor, too, the -N may be the name's own: then it has its own -N beside it.
      bool own = processors.contains("1");
      for (const auto& each : processors) own = own && (each == "1" || names.contains(name + "-" + each));
      if (!own || !processors.contains("1")) name = end->first, count = end->second;
    }
    const std::string shown = (packages.size() > 1 && !line.package.empty() ? line.package + "." : "") + name;
    for (const auto& [number, unit_text] : line.figures) {
      const bool is_time = unit_text == "ns/op";
      Unit unit = unit_of(unit_text);
      if (unit_text == "MB/s") unit = {"B/s", 1e6};
      std::string full = shown + (is_time ? "" : " " + unit_text);
      if (many) full += count == "1" ? " (1 proc)" : " (" + count + " procs)";
      const auto better = unit_text == "allocs/op" ? std::optional(Better::lower) : usual_direction(unit);
      auto& series = builder.of_name(full, unit, better);
      series.benchmark = name;
      if (series.values.empty()) {
        series.parameters.emplace_back("procs", count);
        if (!line.package.empty()) series.parameters.emplace_back("package", line.package);
        if (packages.size() > 1) series.tags.push_back(line.package);
        // What b.Run made: BenchmarkParse/small.
        if (const std::size_t slash = name.find('/'); slash != std::string::npos)
          series.tags.push_back(name.substr(0, slash));
      }
      series.values.push_back(number * unit.factor);
    }
  }
  if (failed) builder.incomplete("the run ended with FAIL");
}

}  // namespace

extern const Format go_format;
const Format go_format{"go-bench", matches_go, read_go};

}  // namespace resident::benchmarks
