// Reading GitHub over REST alone, as without a token one must: lists of a hundred, then
// one request an item for its timeline. At 60 requests an hour that takes its time, so
// open items come first, and every item that is whole stays.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/github/list_walk.hpp>
#include <sources/github/reader.hpp>
#include <store/read/stored_project.hpp>
#include <utility>

namespace resident::github {

namespace {

constexpr int kCheckpointEvery = 10;
constexpr std::int64_t kMostCandidates = 30;  // numbers asked for one by one, for a place of a list that fails

class ByRest {
 public:
  explicit ByRest(Reader& reader) : reader_(reader), writer_(reader.writer()) {}

  bool read_one(std::int64_t number) {
    fetch({number});
    return missing_.empty();
  }

  std::string run() {
    follow();
    if (!reader_.options().items.empty()) {
      fetch(std::set<std::int64_t>(reader_.options().items.begin(), reader_.options().items.end()));
      reader_.after_items(reader_.options().items, missing_);
      return reader_.items_sentence(missing_);
    }
    const bool is_first =
        writer_.stream_state("issues-closed") != "current" || writer_.stream_state("pulls-closed") != "current";
    if (!writer_.stream_cursor("changes")) {
      // By the forge's own clock; its list of issues has the pull requests, too.
      ListWalk walk(reader_, reader_.repository_url("/issues?state=all&sort=updated&direction=desc&per_page=1"));
      const auto newest = walk.next();
      Timestamp at = 0;
      if (newest)
        for (const json::Element element : newest->items)
          at = json::Object(element, "item").time("updated_at").value_or(0);
      writer_.set_stream("changes", format_time(at), "filling");
      reader_.checkpoint();
    }
    if (is_first) {
      if (reader_.options().messages)
        *reader_.options().messages << fmt::format(
            "{}: without a token this takes one request an item, at 60 an hour; with one (GITHUB_TOKEN, any account, "
            "no scope), a hundred items a request at 5,000 an hour\n",
            reader_.location().path);
      fill("pulls", "open");
      fill("issues", "open");
      fill("pulls", "closed");
      fill("issues", "closed");
      find_behind_gaps();
    }
    changes();
    reader_.set_aside().tried();
    auto unknown = reader_.inline_comments();
    if (!unknown.empty() && !reader_.options().since) {
      fetch(unknown);
      reader_.inline_comments();
    }
    reader_.labels_milestones_releases_owners();
    reader_.workflow_runs();
    if (!reader_.options().since) audit(is_first);
    reader_.checkpoint();
    const std::string failing = reader_.set_aside().sentence();
    return std::string(reader_.wants_artifacts() ? "discussions and artifacts need a token"
                                                 : "discussions need a token") +
           (failing.empty() ? "" : "; " + failing);
  }

 private:
  // Numbers of the entries before and behind a place at which a list fails; 0: there is none, -1: nobody knows.
  struct Around {
    std::int64_t above, below;
  };
  struct Filled {
    std::string stream, name;
    bool is_of_issues = false, is_of_open = false;
    std::set<std::int64_t> pulls = {};  // that a list of issues showed
    std::vector<Gap> gaps = {};
    std::vector<Around> around = {};
  };

  void follow() {
    const Document answer = reader_.document(reader_.repository_url(), "full_name");
    if (!answer.is_there())
      throw Error(ErrorKind::authentication, "the forge knows no such repository",
                  "check its name; a private one needs a token");
    const json::Object repository = answer.object();
    if (!repository.text("html_url").empty()) writer_.project(repository.text("html_url"), false);
    reader_.checkpoint();
    const std::string name = repository.text("full_name");
    if (name.empty() || to_lower(name) == to_lower(reader_.location().path)) return;
    move_source(writer_, reader_.place_of(name));
  }

  // The item of a list's object, with its timeline.
  void take(const json::Object& object, const json::Element& element, bool is_pull) {
    std::string name = Reader::item_record(is_pull, object.integer("number").value_or(0));
    try {
      const std::string print = fingerprint(simdjson::minify(element));
      if (reader_.is_known(name, print)) return reader_.set_aside().read(object.integer("number").value_or(0));
      std::vector<std::pair<std::string, std::string>> problems;
      const Problem problem = [&](const std::string& place, const std::string& reason) {
        problems.emplace_back(place, reason);
      };
      // Lists leave out how large a pull request is and who merged it.
      std::optional<Document> whole;
      if (is_pull && !object.has("additions"))
        whole = reader_.document(reader_.repository_url(fmt::format("/pulls/{}", object.required_integer("number"))),
                                 "number");
      ItemRecord item = item_object(whole && whole->is_there() ? whole->object() : object, is_pull, problem);
      // Of a pull request only the list of issues knows the reactions.
      if (const auto reactions = object.object("reactions"))
        item.reaction_count = reaction_count(reactions->integer("total_count"));
      std::size_t position = 0;
      const auto entry = [&](const json::Object& event) {
        const std::string place = fmt::format("events/{}", position++);
        try {
          add_timeline_event(event, item);
        } catch (const Error& error) {
          problem(place, error.what());
        }
      };
      const std::string timeline = reader_.repository_url(fmt::format("/issues/{}/timeline?per_page=100", item.number));
      // An item without its timeline would look like one to which nothing ever happened.
      if (!reader_.each(timeline, entry)) {
        item.events.clear(), item.comments.clear(), item.reviews.clear(), problems.clear();
        if (!reader_.each(timeline, entry)) throw Error("the forge shows the item, but not its timeline");
      }
      reader_.item(std::move(item), print, problems);
      reader_.advance();
      if (++since_checkpoint_ >= kCheckpointEvery) {
        reader_.checkpoint();
        since_checkpoint_ = 0;
      }
    } catch (const Error& error) {
      // What concerns the connection ends the run; what concerns the item sets it aside.
      if (error.kind() != ErrorKind::failed || dynamic_cast<const http::TransportError*>(&error)) throw;
      writer_.quarantine(name, error.what());
    }
  }

  // A list of items past the places at which the forge fails; stop: read no further.
  std::vector<Gap> list(const std::string& kind, const std::string& parameters, std::vector<Around>* around,
                        const std::function<bool(const json::Object&)>& stop) {
    const bool is_pull = kind == "pulls";
    ListWalk walk(reader_, reader_.repository_url(fmt::format("/{}?per_page=100&{}", kind, parameters)));
    std::int64_t above = 0;
    std::size_t gaps = 0;
    while (const auto page = walk.next()) {
      std::size_t entry = 0;
      for (const json::Element element : page->items) {
        try {
          const json::Object object(element, kind);
          const std::int64_t number = object.required_integer("number");
          if (around && walk.gaps().size() > std::exchange(gaps, walk.gaps().size()))
            around->push_back({above, number});
          above = number;
          if (stop(object)) return walk.gaps();
          if (is_pull || !object.has("pull_request")) take_or_later(object, element, is_pull);
        } catch (const Error& error) {
          if (error.kind() != ErrorKind::failed || dynamic_cast<const http::TransportError*>(&error)) throw;
          walk.add_gap(entry, error.what());
        }
        ++entry;
      }
    }
    if (around && walk.gaps().size() > gaps) around->push_back({above, walk.is_cut_short() ? -1 : 0});
    return walk.gaps();
  }

  void take_or_later(const json::Object& object, const json::Element& element, bool is_pull) {
    try {
      take(object, element, is_pull);
    } catch (const http::ServerTrouble&) {
      reader_.look_whether_it_answers();
      again_.insert(object.integer("number").value_or(0));
    }
  }

  void fill(const std::string& kind, const std::string& state) {
    const std::string stream = fmt::format("{}-{}", kind, state);
    if (writer_.stream_state(stream) == "current") return;
    const auto since = reader_.options().since;
    Filled filled{stream, fmt::format("{} {}", state, kind == "pulls" ? "pull requests" : kind), kind == "issues",
                  state == "open"};
    filled.gaps = list(kind, fmt::format("state={}&sort={}&direction=desc", state, since ? "updated" : "created"),
                       since ? nullptr : &filled.around, [&](const json::Object& object) {
                         if (filled.is_of_issues && object.has("pull_request"))
                           filled.pulls.insert(object.integer("number").value_or(0));
                         return since && object.time("updated_at").value_or(0) < *since;
                       });
    fetch(std::exchange(again_, {}));
    if (filled.gaps.empty()) {
      reader_.set_aside().places(filled.name, {});
      writer_.set_stream(stream, "", since ? "new" : "current");
    } else {
      writer_.set_stream(stream, "", "filling");
      with_gaps_.push_back(std::move(filled));
    }
    reader_.checkpoint();
  }

  // What stands behind a place at which a list fails may still be had by its number: it is between those of the
  // entries around it, and none of the items that are known by now; or it is a pull request that the list of issues
  // would have shown, too. Where that accounts for as many as there are gaps, read or set aside by themselves, the list
  // is done with; else the next sync walks it again.
  void find_behind_gaps() {
    for (auto& filled : std::exchange(with_gaps_, {})) {
      std::size_t found = 0;
      for (const auto& [above, below] : filled.around) found += found_between(filled, above, below);
      const bool is_done = found >= filled.gaps.size();
      reader_.set_aside().places(filled.name, is_done ? std::vector<Gap>() : filled.gaps);
      if (is_done) writer_.set_stream(filled.stream, "", "current");
      reader_.checkpoint();
    }
  }

  std::size_t found_between(const Filled& filled, std::int64_t above, std::int64_t below) {
    const auto issues = reader_.stored(false), pulls = reader_.stored(true);
    const auto last = [](const auto& items) { return items.empty() ? 0 : items.rbegin()->first; };
    if (above == 0) above = 1 + kMostCandidates + std::max(last(issues), last(pulls));
    std::set<std::int64_t> candidates;
    std::size_t found = 0;
    for (std::int64_t number = below + 1; below >= 0 && number < above; ++number) {
      const auto pull = pulls.find(number);
      if (pull != pulls.end() && filled.is_of_issues && !filled.pulls.contains(number) &&
          (pull->second == "open") == filled.is_of_open)
        ++found;
      if (pull == pulls.end() && !issues.contains(number)) candidates.insert(number);
      if (static_cast<std::int64_t>(candidates.size()) > kMostCandidates) return found;
    }
    fetch(candidates);
    for (const auto number : candidates)
      if (reader_.set_aside().has(number) || !missing_.contains(number)) ++found;
    return found;
  }

  void changes() {
    const Timestamp since = parse_time(writer_.stream_cursor("changes").value_or("")).value_or(0);
    Timestamp newest = since;
    bool is_whole = true;
    for (const char* kind : {"pulls", "issues"}) {
      const auto gaps = list(kind, "state=all&sort=updated&direction=desc", nullptr, [&](const json::Object& object) {
        const Timestamp updated = object.time("updated_at").value_or(0);
        newest = std::max(newest, updated);
        return updated < since - kOverlap;
      });
      reader_.set_aside().places(std::string_view(kind) == "pulls" ? "changed pull requests" : "changed issues", gaps);
      is_whole = is_whole && gaps.empty();
    }
    const auto& waiting = reader_.set_aside().waiting();
    again_.insert(waiting.begin(), waiting.end());
    fetch(std::exchange(again_, {}));
    // Behind a gap may be what has changed: the next sync reads down to the same moment.
    writer_.set_stream("changes", format_time(is_whole ? newest : since), "current");
    reader_.checkpoint();
  }

  void fetch(const std::set<std::int64_t>& numbers) {
    for (const auto number : numbers) {
      if (!reader_.set_aside().has(number)) fetch_or_set_aside(number);
    }
  }

  // Trouble may pass, so there is a second time.
  void fetch_or_set_aside(std::int64_t number) {
    for (const bool is_last : {false, true}) {
      try {
        return fetch_one(number);
      } catch (const http::ServerTrouble& trouble) {
        reader_.look_whether_it_answers();
        if (is_last) reader_.set_aside().add(number, trouble.what());
      }
    }
  }

  void fetch_one(std::int64_t number) {
    const Document item = reader_.document(reader_.repository_url(fmt::format("/issues/{}", number)), "number");
    // One that was transferred leads to another repository's.
    if (!item.is_there() || item.object().integer("number") != number) {
      missing_.insert(number);
      return;
    }
    if (!item.object().has("pull_request")) return take(item.object(), item.root, false);
    const Document pull = reader_.document(reader_.repository_url(fmt::format("/pulls/{}", number)), "number");
    if (pull.is_there()) take(pull.object(), pull.root, true);
  }

  // How many the forge says there are; nothing where it does not say.
  std::optional<std::int64_t> count(bool is_pull) {
    try {
      const Document answer =
          reader_.document(fmt::format("{}/search/issues?q=repo:{}+type:{}&per_page=1", reader_.location().api_url,
                                       reader_.location().path, is_pull ? "pr" : "issue"),
                           "total_count");
      return answer.is_there() ? answer.object().integer("total_count") : std::nullopt;
    } catch (const http::ServerTrouble&) {
      reader_.look_whether_it_answers();
      return std::nullopt;
    }
  }

  // What the forge lists in all against what stands here. Without a token it costs a request a hundred items, so it is
  // done after the first filling and when the forge's count differs.
  void audit(bool is_first) {
    for (const bool is_pull : {false, true}) {
      const auto here = reader_.stored(is_pull);
      const auto there = count(is_pull);
      if (there)
        writer_.stream_audit(is_pull ? "pulls-closed" : "issues-closed", *there, static_cast<std::int64_t>(here.size()),
                             reader_.now());
      reader_.checkpoint();
      if (there == static_cast<std::int64_t>(here.size()) || (!there && !is_first)) continue;
      std::set<std::int64_t> listed;
      // What a place that fails holds is asked for by its number, below.
      list(is_pull ? "pulls" : "issues", "state=all&sort=created&direction=desc", nullptr,
           [&](const json::Object& object) {
             if (is_pull || !object.has("pull_request")) listed.insert(object.integer("number").value_or(0));
             return false;
           });
      for (const auto& [number, state] : here)
        if (!listed.contains(number)) reader_.check_gone(number * 2 + (is_pull ? 1 : 0));
    }
  }

  Reader& reader_;
  Writer& writer_;
  int since_checkpoint_ = 0;
  std::vector<Filled> with_gaps_;
  std::set<std::int64_t> again_;    // at which it failed in a list
  std::set<std::int64_t> missing_;  // numbers that the forge does not give
};

}  // namespace

bool read_one_by_rest(Reader& reader, std::int64_t number) {
  return ByRest(reader).read_one(number);
}

std::string read_by_rest(Reader& reader) {
  return ByRest(reader).run();
}

}  // namespace resident::github
