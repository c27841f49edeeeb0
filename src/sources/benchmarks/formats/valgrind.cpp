// Valgrind's tools: callgrind and cachegrind (totals by event), massif (the peak), memcheck (heap and errors), dhat.
// Which column is which stands in the line "events:", and differs between the tools. Callgrind's "summary:" counts what
// ran before it began to count too; its "totals:" is the sum of what the file shows.
#include <algorithm>
#include <pugixml.hpp>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const auto word : split(line, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

bool matches_profile(std::string_view head) {
  return has(head, "\nevents: ") &&
         (has(head, "callgrind") || has(head, "\ncmd:") || has(head, "\nfn=") || head.starts_with("desc:"));
}

void read_profile(const Input& input, Report& report) {
  Builder builder(report);
  std::vector<std::string> events;
  std::vector<double> totals, summary;
  const auto add_up = [](std::vector<double>& sums, std::string_view numbers) {
    std::size_t at = 0;
    for (const auto word : words_of(numbers)) {
      if (sums.size() <= at) sums.resize(at + 1);
      sums[at++] += number_in(word).value_or(0);
    }
  };
  report.tool = has(input.bytes.substr(0, 200), "callgrind") ? "callgrind" : "cachegrind";
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("events: ")) {
      const auto words = words_of(line.substr(8));
      events.assign(words.begin(), words.end());
    }
    if (line.starts_with("creator: ") && line.rfind('-') != std::string_view::npos)
      report.version = line.substr(line.rfind('-') + 1);
    if (line.starts_with("cmd:")) builder.environment("command", trim(line.substr(4)));
    if (line.starts_with("totals: ")) add_up(totals, line.substr(8));
    if (line.starts_with("summary: ")) add_up(summary, line.substr(9));
  });
  const auto& sums = totals.empty() ? summary : totals;
  for (std::size_t i = 0; i < events.size() && i < sums.size() && i < 50; ++i)
    builder.figure(events[i], {events[i] == "Ir" ? "instructions" : "count", 1}, Better::lower, sums[i]);
  if (sums.empty()) builder.incomplete("there is no line of totals: was the run killed?");
}

// ---- massif

bool matches_massif(std::string_view head) {
  return has(head, "time_unit:") && has(head, "snapshot=");
}

void read_massif(const Input& input, Report& report) {
  report.tool = "massif";
  Builder builder(report);
  struct Snapshot {
    double heap = 0, extra = 0, stacks = 0;
  };
  Snapshot now, peak;
  const auto close = [&] {
    if (now.heap + now.extra + now.stacks > peak.heap + peak.extra + peak.stacks) peak = now;
    now = {};
  };
  bool any = false;
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("cmd: ")) builder.environment("command", line.substr(5));
    if (line.starts_with("snapshot=")) close(), any = true;
    if (line.starts_with("mem_heap_B=")) now.heap = number_in(line.substr(11)).value_or(0);
    if (line.starts_with("mem_heap_extra_B=")) now.extra = number_in(line.substr(17)).value_or(0);
    if (line.starts_with("mem_stacks_B=")) now.stacks = number_in(line.substr(13)).value_or(0);
  });
  close();
  if (!any) return;
  builder.figure("peak mem_heap_B", kBytes, peak.heap);
  builder.figure("peak mem_heap_extra_B", kBytes, peak.extra);
  builder.figure("peak total", kBytes, peak.heap + peak.extra + peak.stacks);
}

// ---- memcheck's text

bool matches_text(std::string_view head) {
  return head.starts_with("==") && (has(head, "Memcheck, a memory error detector") || has(head, "HEAP SUMMARY:") ||
                                    has(head, "I   refs:") || has(head, "I refs:"));
}

void read_text(const Input& input, Report& report) {
  report.tool = "valgrind";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    const std::size_t mark = line.find("== ");
    if (mark == std::string_view::npos || mark > 12) return;
    const std::string_view text = trim(line.substr(mark + 3));
    const auto words = words_of(text);
    if (text.starts_with("Using Valgrind-")) report.version = text.substr(15, text.find(' ', 15) - 15);
    if (text.starts_with("Command: ")) builder.environment("command", text.substr(9));
    // total heap usage: 1,234 allocs, 1,233 frees, 56,789 bytes allocated
    if (text.starts_with("total heap usage:") && words.size() >= 9) {
      builder.figure("allocs", kCount, Better::lower, number_in(words[3]));
      builder.figure("frees", kCount, std::nullopt, number_in(words[5]));
      builder.figure("bytes allocated", kBytes, number_in(words[7]));
    }
    if (text.starts_with("in use at exit:") && words.size() >= 5)
      builder.figure("in use at exit", kBytes, number_in(words[4]));
    for (const std::string_view leak : {"definitely lost:", "indirectly lost:", "possibly lost:", "still reachable:"})
      if (text.starts_with(leak)) {
        const std::string_view rest = trim(text.substr(leak.size()));
        builder.figure(std::string(leak.substr(0, leak.size() - 1)), kBytes, number_in(rest.substr(0, rest.find(' '))));
      }
    if (text.starts_with("ERROR SUMMARY: ") && words.size() > 2)
      builder.figure("errors", kCount, Better::lower, number_in(words[2]));
    // Cachegrind's and callgrind's summary: "I   refs:      60,065".
    if (const std::size_t colon = text.find(':');
        colon != std::string_view::npos && (has(text, "refs:") || has(text, "misses:"))) {
      std::string name;
      for (const auto word : words_of(text.substr(0, colon))) name += (name.empty() ? "" : " ") + std::string(word);
      const std::string_view rest = trim(text.substr(colon + 1));
      builder.figure(name, kCount, Better::lower, number_in(rest.substr(0, rest.find(' '))));
    }
  });
}

// ---- memcheck --xml=yes

bool matches_xml(std::string_view head) {
  return has(head, "<valgrindoutput>");
}

void read_xml(const Input& input, Report& report) {
  report.tool = "valgrind";
  Builder builder(report);
  pugi::xml_document document;
  const auto parsed = document.load_buffer(input.bytes.data(), input.bytes.size());
  if (!parsed) builder.incomplete(std::string("the XML breaks off: ") + parsed.description());
  const auto root = document.child("valgrindoutput");
  double errors = 0, leaked = 0;
  for (const auto error : root.children("error")) {
    if (const auto bytes = error.child("xwhat").child("leakedbytes"))
      leaked += number_in(bytes.text().get()).value_or(0);
    else
      ++errors;
  }
  // How often each was met stands at the end.
  double counted = 0;
  for (const auto pair : root.child("errorcounts").children("pair"))
    counted += number_in(pair.child("count").text().get()).value_or(0);
  builder.figure("errors", kCount, Better::lower, std::max(errors, counted));
  builder.figure("leaked", kBytes, leaked);
}

// ---- dhat

bool matches_dhat(std::string_view head) {
  return head.starts_with('{') && has(head, "\"dhatFileVersion\"");
}

void read_dhat(const Input& input, Report& report) {
  report.tool = "dhat";
  Builder builder(report);
  simdjson::dom::parser parser;
  double bytes = 0, blocks = 0, at_peak = 0;
  const element document = document_of(parser, input.bytes);
  builder.environment("command", text_of(document, "cmd"));
  each_of(document, "pps", [&](const element& point) {
    bytes += number_of(point, "tb").value_or(0);
    blocks += number_of(point, "tbk").value_or(0);
    at_peak += number_of(point, "gb").value_or(0);
  });
  builder.figure("bytes allocated", kBytes, bytes);
  builder.figure("allocs", kCount, Better::lower, blocks);
  builder.figure("peak bytes", kBytes, at_peak);
}

}  // namespace

extern const Format valgrind_profile_format, massif_format, valgrind_text_format, valgrind_xml_format, dhat_format;
const Format valgrind_profile_format{"valgrind-profile", matches_profile, read_profile};
const Format massif_format{"massif", matches_massif, read_massif};
const Format valgrind_text_format{"valgrind-text", matches_text, read_text};
const Format valgrind_xml_format{"valgrind-xml", matches_xml, read_xml};
const Format dhat_format{"dhat", matches_dhat, read_dhat};

}  // namespace resident::benchmarks
