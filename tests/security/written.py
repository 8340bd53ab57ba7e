"""Texts that no service of ours takes one by one: brought along in bulk, or never by people."""

# What an import, a run and an answer bring along, many at a time.
BROUGHT = {
    "generation.Candidate.finish_reason",
    "generation.Candidate.metadata",
    "generation.Candidate.model_label",
    "generation.Candidate.model_revision",
    "generation.Candidate.parameters",
    "generation.Candidate.response_id",
    "generation.Candidate.text",
    "generation.RevisionStep.finish_reason",
    "generation.RevisionStep.model_label",
    "generation.RevisionStep.model_revision",
    "generation.RevisionStep.principle",
    "generation.RevisionStep.text",
    "judging.AiJudgment.answers",
    "judging.AiJudgment.model_label",
    "judging.AiJudgment.model_revision",
    "judging.AiJudgment.parameters",
    "prompts.Prompt.external_id",
    "prompts.Prompt.messages",
    "prompts.Prompt.source",
    "prompts.Prompt.tags",
    "prompts.ReadyResponses.responses",
    "ranking.Judgment.client",
    "ranking.Judgment.criteria",
    "ranking.Judgment.ideal",
    "ranking.Judgment.rationale",
    "ranking.Judgment.reason_tags",
}
ADDRESS = "an e-mail address; the API takes none with most of these texts"
TAG = "a language tag; anything else is refused"
COPIED = "copied from what prompts and members say"
OURS = "written by our code alone, in our words"
# Planted past the services: why none of them writes such a text.
STRAIGHT = {
    "account.EmailAddress.email": ADDRESS,
    "accounts.AuditEvent.action": OURS,
    "accounts.IdempotencyKey.answer": "an answer of ours, as JSON",
    "accounts.IdempotencyKey.key": "a header, of at most 80 characters; shown nowhere",
    "accounts.User.email": ADDRESS,
    "admin.LogEntry.change_message": OURS,
    "admin.LogEntry.object_repr": ADDRESS,
    "assignment.Lane.language": COPIED,
    "assignment.Lane.skills": COPIED,
    "campaigns.Membership.languages": TAG,
    "exports.Export.error": OURS,
    "exports.Export.manifest": "ours; it repeats the name of the campaign",
    "exports.ExportFile.path": OURS,
    "generation.Candidate.error": "in our words; what a server wrote is never in it",
    "judging.AiJudgment.error": "in our words; what a server wrote is never in it",
    "generation.Generator.endpoint": "one of MODEL_ENDPOINTS; anything else is refused",
    "prompts.Prompt.language": TAG,
    "prompts.PromptSet.error": "in our words; what it quotes is cut to 200 characters",
    "prompts.PromptSet.error_code": OURS,
    "prompts.PromptSet.name": "the name of a file: what stands before a slash is left out",
    "prompts.RefusedRow.code": OURS,
    "prompts.RefusedRow.excerpt": "the start of a row, cut to 200 characters",
    "prompts.RefusedRow.field": "the name of a field, cut to 120 characters",
    "prompts.RefusedRow.reason": "in our words; what it quotes is cut to 200 characters",
    "quality.Revocation.source": COPIED,
}
