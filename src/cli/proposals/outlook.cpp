#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cli/proposals/outlook.hpp>
#include <map>
#include <set>

namespace resident {

namespace {

constexpr Timestamp kLately = 90 * kDay;

// Archives have a list's address in that of a thread. Written so, it leads to the same place and no view takes it for
// somebody's e-mail address.
std::string shown_address(std::string address) {
  for (std::size_t at = address.find('@'); at != std::string::npos; at = address.find('@', at))
    address.replace(at, 1, "%40");
  return address;
}

std::size_t place_of(const ProposalHistory& history, const Proposal& proposal) {
  return static_cast<std::size_t>(&proposal - history.proposals.data());
}

const StatusChange* last_decision(const Proposal& proposal) {
  for (auto change = proposal.changes.rbegin(); change != proposal.changes.rend(); ++change)
    if (change->kind != StatusKind::word) return &*change;
  return nullptr;
}

}  // namespace

Result proposal_links(const ProposalHistory& history, const ProposalQuestion& question, const ProposalLinks& links,
                      const Proposal* proposal) {
  Result result = begin_proposal_result(history, question, "proposal_links", "Links of proposals",
                                        "Where is the proposal discussed, decided and carried out?");
  result.columns = {
      {"proposal", "Proposal"},
      {"kind", "Kind", ColumnType::text, {}, "discussion, list, resolution, pull, issue, commit, document"},
      {"target", "Where", ColumnType::text, {}, {}, "url"},
      {"from", "Taken from"},
      {"date", "Date", ColumnType::date, {}, "of a commit, or of the last post known"},
      {"detail", "Says"},
      {"posts", "Posts", ColumnType::integer, {}, "of a thread that is in the store"},
      {"url", "Address", ColumnType::url, {}, {}, {}, true}};
  std::int64_t known = 0, carried = 0, of = 0;
  for (const Proposal& each : history.proposals) {
    if (proposal ? &each != proposal : each.is_gone) continue;
    const std::size_t place = place_of(history, each);
    ++of;
    if (!each.link.empty())
      result.rows.push_back({each.number, std::string(pointer_kind_name(kind_of_address(each.link))), each.link,
                             std::string("its row"), Cell(), each.name, Cell(), safe_url(each.link)});
    for (const ProposalPointer& pointer : links.dossiers.details[place].pointers) {
      const auto thread = links.threads.find(address_key(pointer.target));
      const bool is_known = thread != links.threads.end();
      known += is_known;
      result.rows.push_back({each.number, std::string(pointer_kind_name(pointer.kind)), shown_address(pointer.target),
                             pointer.where, is_known ? Cell(thread->second.last_post) : Cell(),
                             is_known ? Cell(thread->second.title) : Cell(),
                             is_known ? Cell(thread->second.posts) : Cell(), safe_url(shown_address(pointer.target))});
    }
    std::set<std::int64_t> pulls;
    for (const ProposalTouch& touch : each.touches)
      if (touch.is_own() && touch.pull && pulls.insert(touch.pull).second)
        result.rows.push_back({each.number, std::string("pull"), fmt::format("#{}", touch.pull),
                               "commit " + touch.commit.substr(0, 12) + " to its text", touch.landed_at, touch.subject,
                               Cell(), std::string{}});
    for (const ProposalMention& mention : links.mentions) {
      if (mention.proposal != place) continue;
      carried += mention.kind == MentionKind::carries_out;
      std::string from = std::string(mention_kind_name(mention.kind)) + " it";
      if (mention.pull) from += fmt::format(" (#{})", mention.pull);
      for (const auto issue : mention.issues) from += fmt::format(", closes #{}", issue);
      result.rows.push_back({each.number, std::string("commit"), mention.commit, from, mention.at, mention.subject,
                             Cell(), std::string{}});
    }
  }
  result.sample_size = static_cast<std::int64_t>(result.rows.size());
  const auto count = static_cast<long long>(result.rows.size());
  result.claim =
      fmt::format("{} {} from {}", plural(count, "link"), count == 1 ? "leads" : "lead", plural(of, "proposal"));
  if (!links.mentions.empty())
    result.claim += fmt::format(", {} of them to {} that {} one out", carried, carried == 1 ? "a commit" : "commits",
                                carried == 1 ? "carries" : "carry");
  if (!links.threads.empty()) result.claim += fmt::format(", {} to threads of the store", known);
  result.claim += ".";
  result.definition =
      "Discussion, list and resolution: what the fields Discussions-To, Post-History and Resolution name. Pull, issue "
      "and "
      "commit: what the fields RFC PR, Rust Issue and see-also, and the sections on the implementation name; the pull "
      "requests that brought commits to the proposal's own text, where those touch fewer than five proposals; and, "
      "with --code, commits of "
      "the product whose "
      "message "
      "names the proposal. A commit carries it out where its subject says so (begins with the proposal, implements, "
      "adds "
      "or supports it), the proposal is no process and it was there before the commit; else it only names it. Links in "
      "the running text are left out.";
  return result;
}

Result proposal_releases(const ProposalHistory& history, const ProposalQuestion& question, const Dossiers& dossiers) {
  Result result = begin_proposal_result(history, question, "proposal_releases", "Release schedule",
                                        "Which releases were made when, and which are due?");
  result.columns = {
      {"series", "Series"},
      {"stage", "Release"},
      {"date", "Date", ColumnType::date},
      {"state", "State", ColumnType::text, {}, "actual or expected; by the date where the file does not say"},
      {"days", "Days from now", ColumnType::integer},
      {"where", "Written in"}};
  const ScheduledRelease* next = nullptr;
  std::int64_t expected = 0;
  for (const ScheduledRelease& release : dossiers.releases) {
    const bool is_actual = release.is_actual.value_or(release.at <= question.as_of);
    expected += !is_actual;
    if (!is_actual && release.at >= start_of_day(question.as_of) && (!next || release.at < next->at)) next = &release;
    result.rows.push_back({release.series, release.stage, release.at, std::string(is_actual ? "actual" : "expected"),
                           (release.at - start_of_day(question.as_of)) / kDay, release.where});
  }
  result.sample_size = static_cast<std::int64_t>(result.rows.size());
  result.claim = dossiers.releases.empty()
                     ? std::string("No schedule of releases stands among these proposals.")
                     : fmt::format("{} are written down, {} of them expected{}.",
                                   plural(static_cast<long long>(result.rows.size()), "date"), expected,
                                   next ? fmt::format("; the next is {} on {}", next->stage, format_date(next->at))
                                        : std::string("; none is due"));
  result.definition =
      "Dates of python-releases.toml (since November 2025), and for series that it does not have, or before it came, "
      "the "
      "bullets of the proposals whose title says release schedule.";
  for (const std::string& fault : dossiers.faults) result.notes.push_back(fault);
  return result;
}

namespace {

// A proposal's release: the first version that it names and that has dates.
std::string series_for(const std::string& version) {
  static const Pattern series(R"((\d{1,3}\.\d{1,3}))");
  std::string found;
  return series.found_in(version, &found) ? found : std::string{};
}

std::vector<std::string> obstacles(const ProposalHistory& history, const ProposalFormat& format,
                                   const ProposalDetails& details, const std::string& status) {
  std::vector<std::string> found;
  const ProposalStage stage = format.stage(status);
  for (const std::string& number : details.requirements)
    for (const Proposal& other : history.proposals)
      if (other.number == number && !other.is_gone) {
        const ProposalStage others = format.stage(other.status);
        if (others == ProposalStage::open || others == ProposalStage::ended)
          found.push_back(fmt::format("needs {} {}, which is {}", history.noun, number, other.status));
      }
  if (stage != ProposalStage::open) return found;
  if (details.has_open_issues) found.push_back("open issues in its text");
  const bool is_discussed =
      std::any_of(details.pointers.begin(), details.pointers.end(), [](const ProposalPointer& pointer) {
        return pointer.kind == PointerKind::discussion || pointer.kind == PointerKind::list;
      });
  if (history.format == "peps" && !is_discussed && to_lower(status) == "draft")
    found.push_back("no discussion is named");
  return found;
}

std::string momentum_of(std::int64_t lately, std::int64_t before) {
  if (lately == 0) return before == 0 ? "idle" : "stopped";
  if (lately > before) return "rising";
  return lately < before ? "slowing" : "steady";
}

std::int64_t touches_between(const Proposal& proposal, Timestamp from, Timestamp until) {
  return std::count_if(proposal.touches.begin(), proposal.touches.end(), [&](const ProposalTouch& touch) {
    return touch.is_own() && touch.landed_at > from && touch.landed_at <= until;
  });
}

}  // namespace

Result proposals_waiting(const ProposalHistory& history, const ProposalFormat& format, const ProposalQuestion& question,
                         const ProposalLinks& links, const Proposal* proposal) {
  Result result = begin_proposal_result(history, question, "proposals_waiting", "Proposals under way",
                                        "Which proposals are not done, do they move, and what do they wait for?");
  result.columns = {
      {"proposal", "Proposal"},
      {"title", "Title"},
      {"status", "Status"},
      {"days", "Days in it", ColumnType::integer, "days"},
      {"momentum",
       "Momentum",
       ColumnType::text,
       {},
       "commits of the last 90 days against the 90 before: rising, steady, slowing, stopped (none lately), idle (none "
       "in "
       "either)"},
      {"commits", "Commits in 90 days", ColumnType::integer},
      {"carried", "Carried out by", ColumnType::integer, "commits", "of --code, all in all"},
      {"release", "For"},
      {"deadline", "Deadline", ColumnType::date, {}, "first beta of that release: nothing new goes in after it"},
      {"days_left", "Days left", ColumnType::integer, "days"},
      {"waits_for", "Waits for"},
      {"authors", "Authors"}};
  std::int64_t moving = 0, blocked = 0, due = 0, put_off = 0;
  for (const Proposal& each : history.proposals) {
    if (each.is_gone || (proposal && &each != proposal)) continue;
    const ProposalStage stage = format.stage(each.status);
    const std::size_t place = place_of(history, each);
    const ProposalDetails& details = links.dossiers.details[place];
    const std::string type = to_lower(details.type);
    const bool is_rule = stage == ProposalStage::accepted && (type.starts_with("process") || type.starts_with("info"));
    const bool is_over = stage == ProposalStage::done || stage == ProposalStage::ended || is_rule;
    if (is_over && !proposal) continue;
    const std::int64_t lately = touches_between(each, question.as_of - kLately, question.as_of);
    const std::int64_t before = touches_between(each, question.as_of - 2 * kLately, question.as_of - kLately);
    const auto carried = std::count_if(links.mentions.begin(), links.mentions.end(), [&](const auto& mention) {
      return mention.proposal == place && mention.kind == MentionKind::carries_out;
    });
    const std::string series = series_for(details.version);
    const ScheduledRelease* freeze = series.empty() ? nullptr : feature_freeze(links.dossiers.releases, series);
    auto waits = obstacles(history, format, details, each.status);
    // What was put off waits for nothing but somebody who takes it up.
    const std::string status = to_lower(each.status);
    const bool is_put_off = status.starts_with("defer") || status.starts_with("postpone");
    if (is_put_off) waits = {"put off"};
    if (freeze && freeze->at < start_of_day(question.as_of) && !is_put_off)
      waits.push_back(fmt::format("{} takes nothing new since {}", series, format_date(freeze->at)));
    std::string waits_for, authors;
    for (const std::string& each_wait : waits) waits_for += (waits_for.empty() ? "" : "; ") + each_wait;
    for (const std::string& author : details.authors) authors += (authors.empty() ? "" : ", ") + author;
    moving += lately > 0;
    blocked += !waits.empty() && !is_put_off;
    put_off += is_put_off;
    due += freeze && freeze->at >= question.as_of;
    const StatusChange* last = last_decision(each);
    result.rows.push_back(
        {each.number, each.name, each.status, last ? Cell((question.as_of - last->landed_at) / kDay) : Cell(),
         momentum_of(lately, before), lately, static_cast<std::int64_t>(carried), details.version,
         freeze ? Cell(freeze->at) : Cell(),
         freeze && freeze->at >= start_of_day(question.as_of) ? Cell((freeze->at - start_of_day(question.as_of)) / kDay)
                                                              : Cell(),
         waits_for, authors});
  }
  // What moves stands first; else in the order of the list.
  const std::size_t commits = result.column("commits");
  std::stable_sort(result.rows.begin(), result.rows.end(), [&](const auto& a, const auto& b) {
    return std::get<std::int64_t>(a[commits]) > std::get<std::int64_t>(b[commits]);
  });
  result.sample_size = static_cast<std::int64_t>(result.rows.size());
  result.claim = fmt::format(
      "{} {} under way: {} had commits in the last 90 days, {} for a release that still takes "
      "new things, {} for something that can be named{}.",
      plural(static_cast<long long>(result.rows.size()), "proposal"), result.rows.size() == 1 ? "is" : "are", moving,
      fmt::format("{} {}", due, due == 1 ? "is" : "are"),
      fmt::format("{} {}", blocked, blocked == 1 ? "waits" : "wait"),
      put_off > 0 ? fmt::format("; {} {} put off", put_off, put_off == 1 ? "is" : "are") : std::string());
  result.definition =
      "Under way: open, or accepted and not carried out; processes and information that are in force are not. Waits "
      "for: "
      "a proposal that it requires and that is not decided, or ended; a section of open issues in its text; for PEPs "
      "that are drafts, a discussion; another release, where its own takes nothing new any more; what is deferred or "
      "postponed is put off and "
      "waits for nobody. Deadline: the first "
      "beta of the first release that it names (PEP 101).";
  for (const std::string& fault : links.dossiers.faults) result.notes.push_back(fault);
  return result;
}

}  // namespace resident
