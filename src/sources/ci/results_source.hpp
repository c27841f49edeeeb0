// `resident add results PLACE…`: reports of test runs into the store. Reports are brought, not polled: what tells of
// their run (its commit, branch, builder) comes with them, so a later sync passes this source by. The same report of
// the same run again changes nothing.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <store/result_book.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident::ci {

// What is to be added, as a person or a CI says it.
struct ResultsToAdd {
  std::vector<std::string> places;  // files, folders, archives; "-" is what is piped in
  std::string sha, branch, builder;
  std::optional<Timestamp> at;       // when the run ended; without it, when the files were written
  std::optional<std::int64_t> pull;  // number
};

struct UnreadPlace {
  std::string place, reason;
};

// Outcomes for which one of the forms that were read has no mark.
struct HiddenOutcomes {
  std::string tool, format;
  std::vector<Outcome> outcomes;
};

struct ReadRuns {
  std::vector<TestRunRecord> runs;     // one a configuration, in order of name
  std::vector<UnreadPlace> unread;     // asked for by name, or damaged, or empty though called a report
  std::vector<std::string> notes;      // files left out, since a better one tells of the same tests
  std::vector<HiddenOutcomes> hidden;  // one a tool and form, in the order in which they were read
  // Suite and name of the unexpected passes by which their tool fails the run.
  std::set<std::pair<std::string, std::string>> red_passes;
};

// All reports at the places as runs. In folders and archives what is no report is passed by. One run where a builder is
// named, or all lies in one folder; else each of the first folders is a configuration, as artifacts of jobs are
// unpacked. Where two reports of one run tell of the same tests (JUnit beside JSON), the one that leaves fewer outcomes
// without a mark counts, and what a file repeats of another is left out; the same test in two files that are runs of
// their own is told apart (same_run.hpp). Throws Error{failed} where there is no report at all.
ReadRuns read_runs(const ResultsToAdd& asked);

struct AddedResults {
  std::vector<TestRunRecord> runs;  // those that were new or different, without their results
  std::size_t known = 0;            // runs that were there as they are
  std::vector<std::string> notes;   // what is incomplete or left out, a sentence each
};

// Reads them into the project, all or nothing; what could not be read of places asked for by name is set aside with its
// reason.
AddedResults add_results(Database& database, std::int64_t project_id, const ResultsToAdd& asked, Timestamp now);

}  // namespace resident::ci
