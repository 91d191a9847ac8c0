// Topics that the new link mirrors by itself, those that appear later too: the filters, and what they would take now.
'use client';
import { AutoCreatePreview } from '@/components/links/filters/auto-create-preview';
import { NameFiltersField } from '@/components/links/filters/name-filters-field';
import { Check } from '@/components/ui/field';
import type { LinkDraft } from './draft';

export function AutoCreateFields({
  draft,
  problem,
  onChange,
}: {
  draft: LinkDraft;
  problem: string | null;
  onChange: (changes: Partial<LinkDraft>) => void;
}) {
  return (
    <section
      aria-label="Auto-created mirrors"
      className="flex min-w-0 flex-col gap-4 rounded-lg border bg-panel p-4"
    >
      <div>
        <Check
          className="font-medium"
          checked={draft.autoCreate}
          onChange={(event) => onChange({ autoCreate: event.target.checked })}
          label="Mirror topics by filters, those that appear later too"
        />
        <p className="pl-6 text-[13px] text-soft">
          Internal topics, whose names begin with &quot;_&quot;, only where a filter names them exactly.
        </p>
      </div>
      {draft.autoCreate ? (
        <>
          <NameFiltersField
            label="Filters"
            list="topicFilters"
            noun="topic"
            value={draft.filters}
            error={problem ?? undefined}
            onChange={(filters) => onChange({ filters })}
          />
          <AutoCreatePreview
            request={{
              source: draft.source,
              destination: draft.destination,
              prefix: draft.prefix,
              filters: draft.filters,
            }}
          />
        </>
      ) : null}
    </section>
  );
}
