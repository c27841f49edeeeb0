// The quarterly brief for those who decide: what a council reads in five minutes. Each sentence is the claim of an
// analysis as of the quarter's end, beside what the same analysis said a quarter before, how sure it is, and the
// command that gives it again. Nothing is summed up in words of its own; what cannot be said is listed with the reason.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <vector>
#include <views/page.hpp>

namespace resident::brief {

// A quarter of a calendar year, UTC.
struct Quarter {
  int year = 1970, number = 1;  // 1 to 4
  Timestamp begin() const;
  Timestamp end() const;  // the first second after it
  Quarter before() const;
  std::string name() const;      // "2026Q3"
  std::string in_words() const;  // "the third quarter of 2026"
};
// "2026Q3", "2026-q3"; throws Error{usage} for anything else.
Quarter parse_quarter(const std::string& text);
// The last one that had ended at the moment.
Quarter last_ended(Timestamp moment);

struct Sentence {
  std::string chapter, question, claim;
  std::string before;   // the same a quarter before, "" where nothing was known
  std::string basis;    // "n = 1,276; 95 % intervals beside each median"
  std::string command;  // that gives it again
  Result result;        // it is the claim of
};
struct Unknown {
  std::string question, reason;
};
struct Brief {
  std::string project;
  Quarter quarter;
  bool simulated = false;
  std::vector<Sentence> sentences;
  std::vector<Unknown> unknown;
};

// The sentences alone, of any two moments. Commands end in `rest`: what says as of when, and of which project.
struct Comparison {
  std::vector<Sentence> sentences;
  std::vector<Unknown> unknown;
};
Comparison compare(const Context& at_end, const Context& at_begin, const std::string& rest);

// at_end, at_begin: the project as of the quarter's two ends; nothing later is seen.
Brief make_brief(const Context& at_end, const Context& at_begin, const Quarter& quarter);

std::string as_markdown(const Brief& brief);
// The Markdown, then the pictures of what is drawn.
Page as_page(const Brief& brief);
// One row a sentence.
Result as_result(const Brief& brief, const Context& at_end);

}  // namespace resident::brief
