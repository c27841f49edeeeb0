// Sizes of binaries and times of imports: binutils' size in its three forms, python -X importtime.
#include <charconv>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const auto part : split(line, ' '))
    for (const auto word : split(part, '\t'))
      if (!word.empty()) words.push_back(word);
  return words;
}

// As size prints numbers: 137659, with -x 0x219bb, with -o 0414673.
std::optional<double> size_number(std::string_view word) {
  int base = 10;
  if (word.starts_with("0x"))
    base = 16, word.remove_prefix(2);
  else if (word.size() > 1 && word.front() == '0')
    base = 8;
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), number, base);
  if (problem != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return static_cast<double>(number);
}

// ---- size: a row a file (Berkeley and GNU, whose text is another), or with -A a table of sections a file

bool matches_size(std::string_view head) {
  const auto words = words_of(head.substr(0, head.find('\n')));
  if (words.size() >= 5 && words[0] == "text" && words[1] == "data" && words[2] == "bss" && words.back() == "filename")
    return true;
  const std::size_t first = head.find('\n');
  if (first == std::string_view::npos || !trim(head.substr(0, first)).ends_with(':')) return false;
  const auto second = words_of(head.substr(first + 1, head.find('\n', first + 1) - first - 1));
  return second.size() == 3 && second[0] == "section" && second[1] == "size" && second[2] == "addr";
}

void read_section_line(std::string_view line, std::string& file, Builder& builder) {
  const std::string_view text = trim(line);
  if (text.ends_with(':')) {
    file = trim(text.substr(0, text.size() - 1));
    return;
  }
  const auto words = words_of(line);
  if (words.size() < 2 || words[0] == "section") return;
  const bool is_total = words[0] == "Total";
  if (!is_total && words.size() != 3) return;
  builder.figure(file + " " + (is_total ? "all sections" : std::string(words[0])), kBytes, size_number(words[1]));
}

// text, data, bss, their sum (with -G called total), its hexadecimal (not with -G), and a name that may hold blanks.
void read_size_row(std::string_view line, std::size_t numbers, Builder& builder) {
  const auto words = words_of(line);
  if (words.size() <= numbers || !size_number(words[0])) return;
  const std::string name(trim(line.substr(static_cast<std::size_t>(words[numbers].data() - line.data()))));
  if (name == "(TOTALS)") return;
  double total = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    constexpr std::string_view kParts[] = {"text", "data", "bss"};
    const auto number = size_number(words[i]);
    total += number.value_or(0);
    builder.figure(name + " " + std::string(kParts[i]), kBytes, number);
  }
  builder.figure(name + " total", kBytes, total);
}

void read_size(const Input& input, Report& report) {
  report.tool = "size";
  Builder builder(report);
  std::size_t numbers = 0;  // columns before the name; 0: tables of sections
  std::string file;
  each_line(input.bytes, [&](std::string_view line) {
    const auto words = words_of(line);
    if (!words.empty() && words[0] == "text" && words.back() == "filename")
      numbers = words.size() - 1;
    else if (numbers > 0)
      read_size_row(line, numbers, builder);
    else
      read_section_line(line, file, builder);
  });
  if (numbers == 4) builder.environment("size-format", "gnu");
}

// ---- python -X importtime: microseconds; what stands one blank behind the last bar was asked for, all else by it

constexpr std::string_view kImportHeader = "import time: self [us] | cumulative | imported package";

bool matches_import_time(std::string_view head) {
  return has(head, kImportHeader);
}

void read_import_time(const Input& input, Report& report) {
  report.tool = "python-importtime";
  Builder builder(report);
  double self = 0;
  const auto end_of_run = [&] {
    if (self > 0) builder.of_name("all imports", kMicroseconds, Better::lower).values.push_back(self * 1e-6);
    self = 0;
  };
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with(kImportHeader)) return end_of_run();  // the next run of several
    if (!line.starts_with("import time:")) return;
    const auto parts = split(line.substr(12), '|');
    if (parts.size() != 3 || parts[2].size() < 2) return;
    // "cached": with importtime=2, of what was there already.
    const auto own = number_in(trim(parts[0])), whole = number_in(trim(parts[1]));
    if (!own || !whole) return;
    self += *own;
    if (parts[2][1] == ' ') return;
    builder.of_name("import " + std::string(trim(parts[2])), kMicroseconds, Better::lower)
        .values.push_back(*whole * 1e-6);
  });
  end_of_run();
}

}  // namespace

extern const Format size_format, import_time_format;
const Format size_format{"size", matches_size, read_size};
const Format import_time_format{"python-importtime", matches_import_time, read_import_time};

}  // namespace resident::benchmarks
