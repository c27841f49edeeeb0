#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/dashboard/page_cache.hpp>
#include <cli/merge_answer.hpp>
#include <cli/pages.hpp>

namespace resident {

namespace {

constexpr std::size_t kKeptPages = 64;

// A word for a shell, as it is typed.
std::string shell_word(const std::string& text) {
  const std::string word = one_line(text);
  const bool is_plain = !word.empty() && word.find_first_not_of(
                                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "0123456789._/-") == std::string::npos;
  if (is_plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

bool is_worked_on(const std::string& slug) {
  return slug == "triage" || slug == "review" || slug == "inbox" || slug == "plan" || slug == "item" ||
         slug == "thread";
}

}  // namespace

PageCache::PageCache(const Invocation& invocation)
    : invocation_(invocation), config_(invocation.load_config()), database_(invocation.open(Access::read)) {}

std::vector<Page> PageCache::pages(const PageRequest& request) {
  const std::string version =
      database_
          ->text(
              "SELECT CAST(sum(COALESCE(synced_at, 0)) AS TEXT) || '/' || CAST(count(*) AS TEXT) || '/' || "
              "(SELECT CAST(COALESCE(sum(link_id), 0) AS TEXT) FROM identity_link WHERE made_by <> 'rule') FROM "
              "source")
          .value_or("");
  if (version != version_) {
    cache_.clear();
    version_ = version;
  }
  Context context = open_context(*database_, config_, request.project, request.as_of, invocation_.clock.now());
  if (is_worked_on(request.slug)) {
    auto page = work_page(request, std::move(context));
    return page ? std::vector<Page>{std::move(*page)} : std::vector<Page>{};
  }
  // Without a moment asked for, a page is kept for a minute.
  const std::string key = fmt::format("{}\n{}\n{}", request.slug, request.project,
                                      request.as_of ? *request.as_of : context.as_of / kMinute);
  if (const auto found = cache_.find(key); found != cache_.end()) return found->second;
  if (cache_.size() > kKeptPages) cache_.clear();
  return cache_[key] = make_pages(context, request.slug);
}

std::optional<Page> PageCache::work_page(const PageRequest& request, Context context) {
  Desk& desk = desks_.at(std::move(context), version_);
  const OwnNotes own(desk.context(), invocation_.clock.now(), request.as_of.has_value());
  if (request.slug == "triage") return triage_page(desk, own, request);
  if (request.slug == "review") return review_page(desk, own, request);
  if (request.slug == "inbox") return inbox_page(desk, own, request);
  if (request.slug == "plan") return plan_page(desk, own, request, plan_command(desk.context()));
  if (request.slug == "thread") return thread_page(desk, request);
  return item_page(desk, own, request,
                   [&](const ReviewEntry& entry) { return answer_merge_of(desk.context(), entry); });
}

// A store that cannot be written to leaves it unknown, as before.
bool PageCache::answer_merge_of(const Context& context, const ReviewEntry& entry) {
  if (!merge_is_unanswered(context, entry)) return false;
  try {
    const auto writable = invocation_.open(Access::write);
    answer_merge(open_context(*writable, config_, context.project, context.as_of, invocation_.clock.now()), entry,
                 invocation_.clock.now());
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::string PageCache::plan_command(const Context& context) const {
  // The address of a server may hold a password.
  const std::string& store = invocation_.db;
  const std::string database = store.find("://") != std::string::npos ? std::string(" --db postgresql://…")
                               : store == "resident.db"               ? std::string()
                                                                      : " --db " + shell_word(store);
  return fmt::format("resident plan --collected --apply --project {}{}", shell_word(context.project), database);
}

std::string PageCache::collect(const PlanRequest& request) {
  const auto database = invocation_.open(Access::write);
  const Context context = open_context(*database, config_, request.project, std::nullopt, invocation_.clock.now());
  return collect_from_page(context, request, invocation_.clock.now());
}

}  // namespace resident
