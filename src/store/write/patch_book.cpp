#include <fmt/format.h>

#include <base/text.hpp>
#include <store/patch_book.hpp>
#include <store/write/tables.hpp>

namespace resident {

void PatchBook::remove(std::int64_t item_id) {
  writer_.flush();
  for (const std::string_view table : {"patch_series", "patch_mail", "patch_tag"})
    writer_.database_.execute(
        fmt::format("DELETE FROM {} WHERE project_id = :project AND item_id = :item AND source_id = :source", table),
        {{"project", writer_.project_id_}, {"item", item_id}, {"source", writer_.source_id_}});
}

void PatchBook::series(const PatchSeriesRecord& record, bool is_known) {
  if (is_known) remove(record.item_id);
  const auto project = writer_.project_id_, source = writer_.source_id_;
  const auto words = [](const std::string& text, std::size_t most) {
    return text_or_null(Writer::text(blank_emails(text), most));
  };
  writer_.add(writer_.table("patch_series"), project, record.item_id, source, Writer::text(record.list, 300),
              record.state, record.version, record.versions, record.parts, record.present, record.applied, record.said,
              words(record.how_joined, 200), words(record.backport_of, 64), words(record.tree, 200), record.last_at);
  for (const PatchMailRecord& mail : record.mails) {
    // Numbers are given in this order, whatever the compiler's for arguments.
    const Value sender = writer_.identity_value(mail.sender);
    const Value author = writer_.identity_value(mail.author);
    writer_.add(writer_.table("patch_mail"), project, Writer::text(mail.key, 300), source, record.item_id, mail.role,
                mail.sent_at, sender, author, value_of(mail.version), value_of(mail.version_number),
                value_of(mail.part), value_of(mail.parts), integer(mail.is_current), integer(mail.is_partial),
                words(mail.title, 1000), text_or_null(Writer::text(mail.target, 300)), words(mail.patch_id, 64),
                words(mail.base_commit, 64), words(mail.upstream_commit, 64),
                mail.is_whole ? integer(*mail.is_whole) : Value(), words(mail.says, 60), words(mail.says_parts, 1000),
                words(mail.commit_sha, 64), words(mail.found_by, 60), value_of(mail.applied_at));
    std::int64_t position = 0;
    for (const PatchTagRecord& tag : mail.tags) {
      const Value person = writer_.identity_value(tag.person);
      writer_.add(writer_.table("patch_tag"), project, Writer::text(mail.key, 300), position++, source, record.item_id,
                  tag.token, person, integer(tag.counts), words(tag.note, 200));
    }
  }
}

void PatchBook::maintainers(const std::vector<MaintainerLineRecord>& lines) {
  writer_.flush();
  writer_.database_.execute("DELETE FROM maintainer_line WHERE project_id = :project AND source_id = :source",
                            {{"project", writer_.project_id_}, {"source", writer_.source_id_}});
  std::int64_t position = 0;
  for (const MaintainerLineRecord& line : lines) {
    const Value person = writer_.identity_value(line.person);
    writer_.add(writer_.table("maintainer_line"), writer_.project_id_, writer_.source_id_, position++,
                Writer::text(line.section, 300), Writer::text(line.kind, 20),
                Writer::text(blank_emails(line.value), 1000), person);
  }
}

}  // namespace resident
