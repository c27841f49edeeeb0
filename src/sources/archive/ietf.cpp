// `resident add ietf-archive FILE`: the archive.json that the IETF's draft
// template keeps of a repository: issues and pull requests with comments and
// reviews, but without a timeline; closings and merges are concluded from the
// items' own times and marked as derived.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/archive/ietf_objects.hpp>
#include <sources/files/files.hpp>
#include <sources/forge/item_parts.hpp>
#include <sources/source.hpp>

namespace resident {

namespace ietf {

namespace {

PersonRecord account(const std::string& login) {
  PersonRecord record;
  // The archive writes deleted accounts as "ghost" or leaves them out.
  if (login != "ghost" && login != "(ghost)") record.login = login;
  return record;
}

void read_review(const json::Object& object, const std::string& place, ItemRecord& item,
                 const github::Problem& problem) {
  ReviewRecord review;
  review.key = object.has("id") ? object.text("id") : place;
  review.author = account(object.text("author"));
  review.state = to_lower(object.text("state"));
  review.is_official = github::is_official_association(object.text("authorAssociation"));
  if (review.state.empty()) review.state = "commented";
  // createdAt is when it was begun; a draft is seen by its author alone. The archive does not say when it was sent: not
  // before its last comment was written, and sending it touches the review and all its comments.
  const Timestamp begun = object.required_time("createdAt");
  Timestamp last_written = begun;
  std::optional<Timestamp> touched = object.time("updatedAt");
  bool has_comments = false;
  review.body = object.text("body");
  if (const auto commit = object.object("commit")) review.sha = commit->text("abbreviatedOid");
  json::each_object(object, "comments", problem, [&](const json::Object& comment) {
    CommentRecord record;
    record.kind = "inline";
    record.key = place + "/" + comment.name();
    record.review_key = review.key;
    record.author = review.author;  // the archive names none: they are the reviewer's
    record.created_at = comment.required_time("createdAt");
    record.updated_at = comment.time("updatedAt");
    record.body = comment.text("body");
    last_written = std::max(last_written, record.created_at);
    if (record.updated_at) touched = std::min(touched.value_or(*record.updated_at), *record.updated_at);
    has_comments = true;
    item.comments.push_back(std::move(record));
  });
  // A text alone is sent as it is written; what touched it later was an edit.
  review.submitted_at = has_comments ? std::max(last_written, touched.value_or(begun)) : begun;
  item.reviews.push_back(std::move(review));
}

}  // namespace

ItemRecord item(json::Element element, bool is_pull, const github::Problem& problem) {
  const json::Object object(element, is_pull ? "pull" : "issue");
  ItemRecord item;
  item.is_pull = is_pull;
  item.number = json::item_number(object);
  item.title = object.text("title");
  item.body = object.text("body");
  item.url = object.text("url");
  item.author = account(object.text("author"));
  item.author_association = object.text("authorAssociation");
  const std::string state = object.required_text("state");
  if (state != "OPEN" && state != "CLOSED" && state != "MERGED")
    throw Error(fmt::format("the state is none of OPEN, CLOSED, MERGED: {}", one_line(state.substr(0, 100))));
  item.state = state == "OPEN" ? "open" : "closed";
  item.created_at = object.required_time("createdAt");
  item.updated_at = object.time("updatedAt");
  item.closed_at = object.time("closedAt");
  item.merged_at = object.time("mergedAt");
  item.merged_by = account(object.text("mergedBy"));
  item.head_sha = object.text("headRefOid");
  item.base_ref = object.text("baseRefName");
  if (const auto merge = object.object("mergeCommit")) item.merge_sha = merge->text("oid");
  const auto names = [&](std::string_view key, const auto& take) {
    const auto array = object.array(key);
    if (!array) return;
    for (const json::Element name : *array) take(json::text_of(name, key));
  };
  names("labels", [&](std::string name) { item.labels.push_back(std::move(name)); });
  names("assignees", [&](const std::string& login) { item.assignees.push_back(account(login)); });
  json::each_object(object, "comments", problem, [&](const json::Object& comment) {
    CommentRecord record;
    record.key = comment.name();
    record.author = account(comment.text("author"));
    record.created_at = comment.required_time("createdAt");
    record.updated_at = comment.time("updatedAt");
    record.body = comment.text("body");
    item.comments.push_back(std::move(record));
  });
  json::each_object(object, "reviews", problem,
                    [&](const json::Object& review) { read_review(review, review.name(), item, problem); });
  json::derive_ends(item);
  return item;
}

}  // namespace ietf

namespace {

using Problems = std::vector<std::pair<std::string, std::string>>;  // place, reason

class IetfArchive : public Source {
 public:
  explicit IetfArchive(std::string location) : location_(std::move(location)) {}

  std::string sync(const Cursor& cursor, Writer& writer) override {
    const std::string content = read_whole_file(location_);
    const std::string print = fingerprint(content);
    if (cursor == print) return print;
    json::Parser parser(std::size_t{1} << 30);
    const json::Object root(json::parse(parser, content), "archive");
    if (!root.has("issues") && !root.has("pulls"))
      throw Error(fmt::format("{} is not an archive.json: it has neither issues nor pulls", location_));
    writer.reads_whole_source();
    if (const std::string repository = root.text("repo"); !repository.empty())
      writer.project("https://github.com/" + repository, false);
    if (const auto time = root.time("timestamp")) writer.data_until(*time);
    if (const auto labels = root.array("labels")) {
      std::size_t position = 0;
      for (const json::Element element : *labels) {
        const std::string place = fmt::format("labels/{}", position++);
        std::optional<LabelRecord> record;
        try {
          const json::Object label(element, place);
          record = LabelRecord{label.required_text("name"), label.text("color"), label.text("description")};
        } catch (const Error& error) {
          writer.quarantine(place, error.what());
        }
        if (record) writer.label(*record);
      }
    }
    for (const bool is_pull : {false, true}) read_items(root, is_pull, writer);
    writer.end_of_source();
    return print;
  }

  std::string coverage() const override {
    return "the archive has no timeline: labellings, reopenings, pushes and drafts are not known; who closed an issue "
           "is not known";
  }

 private:
  void read_items(const json::Object& root, bool is_pull, Writer& writer) {
    const std::string_view key = is_pull ? "pulls" : "issues";
    const auto array = root.array(key);
    if (!array) return;
    std::size_t position = 0;
    for (const json::Element element : *array) {
      std::string record = fmt::format("{}/{}", key, position++);
      Problems problems;
      if (const auto item = parse(element, is_pull, record, problems, writer)) {
        const std::string print = fingerprint(simdjson::minify(element));
        if (writer.seen(record, print)) continue;
        writer.mark(record, print);
        for (const auto& [place, reason] : problems) writer.quarantine(record + "#" + place, reason);
        writer.item(*item);
      }
      if (writer.pending() > 20000) writer.checkpoint("");
    }
  }

  // record: where the item stands, then by its number. Nothing, and the record set aside, where it cannot be read;
  // what the store fails at is no fault of the record.
  std::optional<ItemRecord> parse(json::Element element, bool is_pull, std::string& record, Problems& problems,
                                  Writer& writer) {
    try {
      ItemRecord item = ietf::item(element, is_pull, [&](const std::string& place, const std::string& reason) {
        problems.emplace_back(place, reason);
      });
      record = fmt::format("{}/#{}", is_pull ? "pulls" : "issues", item.number);
      if (!numbers_.insert(item.item_id()).second)
        throw Error("the number stands in the file twice; the first was kept");
      return item;
    } catch (const Error& error) {
      writer.quarantine(record, error.what());
      return std::nullopt;
    }
  }

  std::string location_;
  std::unordered_set<std::int64_t> numbers_;
};

}  // namespace

extern const SourceKind ietf_archive_source;
const SourceKind ietf_archive_source{
    "ietf-archive", "FILE", "the archive.json that the IETF's draft template keeps",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<IetfArchive>(location); }};

}  // namespace resident
