// Measures of whole programs and of the machine: openssl speed, stress-ng, GNU time and the shell's time.
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

// ---- openssl speed: -mr has bytes a second, the table has thousands of them. What a signature takes is printed in
// whole 0.1 ms, so its rate is the better figure.

bool matches_openssl(std::string_view head) {
  return head.starts_with("+H:") || head.starts_with("+F:") || head.starts_with("+F2:") || has(head, "\n+F:") ||
         has(head, "\n+F2:") || has(head, "\n+F4:") || has(head, "\n+F5:") || head.starts_with("+F4:") ||
         head.starts_with("+F5:") || (has(head, "in 1000s of bytes per second processed")) ||
         (has(head, "sign/s verify/s") && has(head, "OpenSSL")) ||
         (has(head, "sign/s verify/s") && has(head, "built on:"));
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const auto word : split(line, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

void read_openssl_machine_line(std::string_view line, std::vector<std::string>& sizes, Builder& builder) {
  auto parts = split(line, ':');
  if (parts[0] == "+H") {
    sizes.assign(parts.begin() + 1, parts.end());
    return;
  }
  if (parts.size() < 4) return;
  if (parts[0] == "+F") {
    for (std::size_t i = 3; i < parts.size(); ++i) {
      const std::string size = i - 3 < sizes.size() ? " " + sizes[i - 3] + " bytes" : "";
      builder.figure(std::string(parts[2]) + size, kBytesPerSecond, number_in(parts[i]));
    }
    return;
  }
  const std::string bits = std::string(parts[2]) + " bits ";
  const auto rate = [&](const std::string& name, std::size_t at) {
    if (at < parts.size()) builder.figure(name, kPerSecond, number_in(parts[at]));
  };
  const char* family = parts[0] == "+F2"   ? "rsa "
                       : parts[0] == "+F3" ? "dsa "
                       : parts[0] == "+F4" ? "ecdsa "
                       : parts[0] == "+F6" ? "eddsa "
                                           : nullptr;
  if (family != nullptr) {
    rate(family + bits + "sign/s", 3);
    rate(family + bits + "verify/s", 4);
  } else if (parts[0] == "+F5") {
    rate("ecdh " + bits + "op/s", 3);
  }
}

void read_openssl(const Input& input, Report& report) {
  report.tool = "openssl-speed";
  Builder builder(report);
  std::vector<std::string> sizes, asymmetric;
  bool in_table = false;
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("+")) {
      read_openssl_machine_line(line, sizes, builder);
      return;
    }
    if (line.starts_with("version: ")) report.version = line.substr(9);
    if (line.starts_with("OpenSSL ")) report.version = line.substr(8, line.find(' ', 8) - 8);
    if (line.starts_with("compiler: ")) builder.environment("compiler", line.substr(10));
    if (line.starts_with("CPUINFO: ")) builder.environment("cpu-features", line.substr(9));
    const auto words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "type" && has(line, " bytes")) {
      sizes.clear(), in_table = true;
      for (std::size_t i = 1; i + 1 < words.size(); i += 2) sizes.emplace_back(words[i]);
      return;
    }
    if (has(line, "sign/s") || has(line, " op/s")) {
      in_table = false;
      asymmetric.assign(words.begin(), words.end());
      return;
    }
    if (in_table && words.back().ends_with('k') && words.size() > sizes.size()) {
      std::string name;
      const std::size_t names = words.size() - sizes.size();
      for (std::size_t i = 0; i < names; ++i) name += (i > 0 ? " " : "") + std::string(words[i]);
      for (std::size_t i = 0; i < sizes.size(); ++i)
        builder.figure(name + " " + sizes[i] + " bytes", {"B/s", 1000},
                       number_in(words[names + i].substr(0, words[names + i].size() - 1)));
    } else if (!asymmetric.empty() && words.size() > asymmetric.size() && has(line, " bits ")) {
      std::string name;
      const std::size_t names = words.size() - asymmetric.size();
      for (std::size_t i = 0; i < names; ++i) name += std::string(words[i]) + " ";
      for (std::size_t i = 0; i < asymmetric.size(); ++i) {
        const std::string_view cell = words[names + i];
        if (cell.ends_with('s')) continue;
        builder.figure(name + asymmetric[i], kPerSecond, number_in(cell));
      }
    }
  });
}

// ---- stress-ng: --yaml, and the metrics it prints

bool matches_stress_ng(std::string_view head) {
  return has(head, "stress-ng-version:") || (has(head, "stress-ng: ") && has(head, "bogo ops"));
}

void take_stress_ng(const std::string& stressor, std::string_view key, double number, Builder& builder) {
  const std::string name = stressor + " " + std::string(key);
  if (has(key, "per-second"))
    builder.figure(name, {"bogo-ops/s", 1}, number);
  else if (key == "bogo-ops")
    builder.figure(name, kCount, std::nullopt, number);
  else if (key == "wall-clock-time")
    builder.figure(name, kSeconds, std::nullopt, number);  // as long as was asked for
  else if (key == "user-time" || key == "system-time")
    builder.figure(name, kSeconds, std::nullopt, number);
  else if (key == "max-rss")
    builder.figure(name, kKibibytes, number);
  else if (key == "cpu-usage-per-instance")
    builder.figure(name, kPercent, std::nullopt, number);
  else
    builder.figure(name, Unit{}, number);
}

void read_stress_ng(const Input& input, Report& report) {
  report.tool = "stress-ng";
  Builder builder(report);
  std::string stressor;
  bool in_metrics = false;
  each_line(input.bytes, [&](std::string_view line) {
    const std::string_view text = trim(line);
    if (const std::size_t colon = text.find(": "); !in_metrics && colon != std::string_view::npos) {
      const std::string_view key = text.substr(0, colon);
      std::string_view value = trim(text.substr(colon + 2));
      if (value.size() > 1 && value.front() == '\'' && value.back() == '\'') value = value.substr(1, value.size() - 2);
      if (key == "stress-ng-version") report.version = value;
      if (key == "hostname") builder.environment("machine", value);
      if (key == "release") builder.environment("kernel", value);
      if (key == "machine") builder.environment("architecture", value);
      if (key == "compiler") builder.environment("compiler", value);
      if (key == "cpus") builder.environment("cores", value);
      if (key == "totalram") builder.environment("memory", value);
      if (key == "epoch-secs")
        if (const auto seconds = number_in(value); seconds && *seconds > 0 && *seconds < 1e12)
          report.at = static_cast<Timestamp>(*seconds);
    }
    if (text == "metrics:")
      in_metrics = true;
    else if (in_metrics && !line.empty() && line.front() != ' ' && line.front() != '-' && text.ends_with(':'))
      in_metrics = false;
    if (in_metrics) {
      std::string_view row = text;
      if (row.starts_with("- ")) row = trim(row.substr(2));
      const std::size_t colon = row.find(": ");
      if (colon == std::string_view::npos) return;
      if (row.starts_with("stressor: "))
        stressor = trim(row.substr(10));
      else if (const auto number = number_in(row.substr(colon + 2)))
        take_stress_ng(stressor, row.substr(0, colon), *number, builder);
      return;
    }
    // stress-ng: metrc: [12] cpu  2887  2.00  1.66  0.00  1440.04  1743.61 …
    if (!text.starts_with("stress-ng: ") || has(text, "bogo ops") || has(text, "(secs)")) return;
    const std::size_t close = text.find("] ");
    if (close == std::string_view::npos) return;
    const auto words = words_of(text.substr(close + 2));
    if (words.size() < 7 || number_in(words[0])) return;
    const std::string_view keys[] = {"bogo-ops",
                                     "wall-clock-time",
                                     "user-time",
                                     "system-time",
                                     "bogo-ops-per-second-real-time",
                                     "bogo-ops-per-second-usr-sys-time"};
    for (std::size_t i = 0; i < 6; ++i)
      if (!number_in(words[i + 1])) return;
    for (std::size_t i = 0; i < 6; ++i)
      take_stress_ng(std::string(words[0]), keys[i], *number_in(words[i + 1]), builder);
  });
}

// ---- GNU time -v, and its own form without -v

bool matches_gnu_time(std::string_view head) {
  return has(head, "Command being timed:") || (has(head, "elapsed ") && has(head, "maxresident)k"));
}

// "1:02:03" or "2:03.45", in seconds.
std::optional<double> clock_time(std::string_view text) {
  double seconds = 0;
  for (const auto part : split(text, ':')) {
    const auto number = number_in(part);
    if (!number) return std::nullopt;
    seconds = seconds * 60 + *number;
  }
  return seconds;
}

void read_gnu_time(const Input& input, Report& report) {
  report.tool = "time-v";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    const std::string_view text = trim(line);
    if (text.starts_with("Command terminated") || text.starts_with("Command exited with non-zero"))
      builder.incomplete(std::string(text));
    if (const std::size_t mark = text.find("elapsed "); mark != std::string_view::npos && has(text, "%CPU")) {
      // 0.00user 0.00system 0:00.05elapsed 0%CPU (0avgtext+0avgdata 1648maxresident)k
      for (const auto word : words_of(text)) {
        const auto ends = [&](std::string_view end) {
          return word.ends_with(end) ? word.substr(0, word.size() - end.size()) : std::string_view();
        };
        if (const auto value = ends("elapsed"); !value.empty()) builder.figure("elapsed", kSeconds, clock_time(value));
        if (const auto value = ends("user"); !value.empty()) builder.figure("user time", kSeconds, number_in(value));
        if (const auto value = ends("system"); !value.empty())
          builder.figure("system time", kSeconds, number_in(value));
        if (const auto value = ends("maxresident)k"); !value.empty())
          builder.figure("max rss", kKibibytes, number_in(value));
      }
      return;
    }
    const std::size_t colon = text.rfind(": ");
    if (colon == std::string_view::npos) return;
    const std::string_view key = text.substr(0, colon), value = trim(text.substr(colon + 2));
    if (text.starts_with("Command being timed: "))
      builder.environment("command", text.substr(21));
    else if (key == "User time (seconds)")
      builder.figure("user time", kSeconds, number_in(value));
    else if (key == "System time (seconds)")
      builder.figure("system time", kSeconds, number_in(value));
    else if (key.starts_with("Elapsed (wall clock)"))
      builder.figure("elapsed", kSeconds, clock_time(value));
    else if (key == "Maximum resident set size (kbytes)")
      builder.figure("max rss", kKibibytes, number_in(value));
    else if (key.starts_with("Major (requiring"))
      builder.figure("major page faults", kCount, Better::lower, number_in(value));
    else if (key.starts_with("Minor (reclaiming"))
      builder.figure("minor page faults", kCount, Better::lower, number_in(value));
    else if (key == "Voluntary context switches")
      builder.figure("voluntary context switches", kCount, Better::lower, number_in(value));
    else if (key == "Involuntary context switches")
      builder.figure("involuntary context switches", kCount, Better::lower, number_in(value));
    else if (key == "Exit status" && value != "0")
      builder.incomplete("the command ended with status " + std::string(value));
  });
}

// ---- the shell's time: "real 0m1.234s", and POSIX's "real 1.23"

bool matches_shell_time(std::string_view head) {
  const bool found = head.starts_with("real") || has(head, "\nreal");
  return found && has(head, "\nuser") && has(head, "\nsys");
}

void read_shell_time(const Input& input, Report& report) {
  report.tool = "time";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    for (const auto& [key, name] : std::initializer_list<std::pair<std::string_view, const char*>>{
             {"real", "elapsed"}, {"user", "user time"}, {"sys", "system time"}}) {
      if (!line.starts_with(key) || line.size() <= key.size() || (line[key.size()] != ' ' && line[key.size()] != '\t'))
        continue;
      std::string_view value = trim(line.substr(key.size()));
      double minutes = 0;
      if (const std::size_t m = value.find('m'); m != std::string_view::npos) {
        minutes = number_in(value.substr(0, m)).value_or(0);
        value = value.substr(m + 1);
      }
      if (value.ends_with('s')) value.remove_suffix(1);
      std::string plain(value);
      for (auto& c : plain)
        if (c == ',') c = '.';
      if (const auto seconds = number_in(plain))
        builder.of_name(name, kSeconds, Better::lower).values.push_back(minutes * 60 + *seconds);
    }
  });
}

}  // namespace

extern const Format openssl_format, stress_ng_format, gnu_time_format, shell_time_format;
const Format openssl_format{"openssl-speed", matches_openssl, read_openssl};
const Format stress_ng_format{"stress-ng", matches_stress_ng, read_stress_ng};
const Format gnu_time_format{"time-v", matches_gnu_time, read_gnu_time};
const Format shell_time_format{"time", matches_shell_time, read_shell_time};

}  // namespace resident::benchmarks
