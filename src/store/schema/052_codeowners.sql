-- 052: CODEOWNERS of other forges than GitHub, read from clones. A project's are those of its forge, else of its clone.
ALTER TABLE codeowner ADD COLUMN form TEXT NOT NULL DEFAULT 'github';   -- github, gitlab, gitea: by whose rules the pattern is read
ALTER TABLE codeowner ADD COLUMN section TEXT NOT NULL DEFAULT '';      -- GitLab's; '': before the first
ALTER TABLE codeowner ADD COLUMN is_optional INTEGER NOT NULL DEFAULT 0; -- 1: of a section whose approval may be lacking
ALTER TABLE codeowner ADD COLUMN approvals INTEGER NOT NULL DEFAULT 1;  -- how many of the section have to approve
