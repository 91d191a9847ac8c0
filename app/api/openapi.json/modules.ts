// Every route file of /api, by its address; a test compares this list with the folders. Only the OpenAPI document reads it.
import type { RouteHandler } from '@/server/http/define-route';
import type { MethodName } from '@/server/http/methods';
import * as approvalBreakGlass from '../approvals/[id]/break-glass/route';
import * as approvalConfirm from '../approvals/[id]/confirm/route';
import * as approvalReject from '../approvals/[id]/reject/route';
import * as approval from '../approvals/[id]/route';
import * as approvalWithdraw from '../approvals/[id]/withdraw/route';
import * as approvals from '../approvals/route';
import * as auditEntry from '../audit/[id]/route';
import * as auditExport from '../audit/export/route';
import * as audit from '../audit/route';
import * as observedBroker from '../clusters/[name]/observed/brokers/[broker]/route';
import * as observedBrokers from '../clusters/[name]/observed/brokers/route';
import * as observedGroup from '../clusters/[name]/observed/groups/[group]/route';
import * as observedGroups from '../clusters/[name]/observed/groups/route';
import * as observedQuorum from '../clusters/[name]/observed/quorum/route';
import * as observedSummary from '../clusters/[name]/observed/summary/route';
import * as observedTopicConfigs from '../clusters/[name]/observed/topics/[topic]/configs/route';
import * as observedTopic from '../clusters/[name]/observed/topics/[topic]/route';
import * as observedTopics from '../clusters/[name]/observed/topics/route';
import * as clusterProbe from '../clusters/[name]/probe/route';
import * as cluster from '../clusters/[name]/route';
import * as clusterTopics from '../clusters/[name]/topics/route';
import * as clusters from '../clusters/route';
import * as clustersTest from '../clusters/test/route';
import * as alertAcknowledge from '../health/alerts/[id]/acknowledge/route';
import * as alert from '../health/alerts/[id]/route';
import * as alerts from '../health/alerts/route';
import * as alertChannel from '../health/channels/[id]/route';
import * as alertChannelTest from '../health/channels/[id]/test/route';
import * as alertChannels from '../health/channels/route';
import * as alertChannelTrial from '../health/channels/test/route';
import * as deliveryAgain from '../health/deliveries/[id]/again/route';
import * as deliveries from '../health/deliveries/route';
import * as ruleOverrides from '../health/overrides/route';
import * as alertRoutes from '../health/routes/route';
import * as healthRules from '../health/rules/route';
import * as silenceEnd from '../health/silences/[id]/end/route';
import * as silences from '../health/silences/route';
import * as healthReportPreview from '../health-report/preview/route';
import * as healthReports from '../health-reports/route';
import * as history from '../history/route';
import * as hubClusters from '../hub/clusters/route';
import * as hubConsoleAlerts from '../hub/consoles/[name]/alerts/route';
import * as hubConsoleHistory from '../hub/consoles/[name]/history/route';
import * as hubConsole from '../hub/consoles/[name]/route';
import * as hubConsoles from '../hub/consoles/route';
import * as hubSender from '../hub/senders/[id]/route';
import * as hubSenders from '../hub/senders/route';
import * as apiKey from '../keys/[id]/route';
import * as apiKeys from '../keys/route';
import * as linkAcls from '../links/[destination]/[name]/acls/route';
import * as fence from '../links/[destination]/[name]/fences/[topic]/route';
import * as groupPreview from '../links/[destination]/[name]/group-preview/route';
import * as group from '../links/[destination]/[name]/groups/[group]/route';
import * as groups from '../links/[destination]/[name]/groups/route';
import * as mirrorNames from '../links/[destination]/[name]/mirror-names/route';
import * as mirrorPauses from '../links/[destination]/[name]/mirror-pauses/route';
import * as mirrorRemovals from '../links/[destination]/[name]/mirror-removals/route';
import * as mirrorConfigs from '../links/[destination]/[name]/mirrors/[topic]/configs/route';
import * as mirrorDifference from '../links/[destination]/[name]/mirrors/[topic]/difference/route';
import * as mirrorDiverged from '../links/[destination]/[name]/mirrors/[topic]/failback/records/route';
import * as mirrorFailback from '../links/[destination]/[name]/mirrors/[topic]/failback/route';
import * as mirrorPause from '../links/[destination]/[name]/mirrors/[topic]/pause/route';
import * as mirrorRepair from '../links/[destination]/[name]/mirrors/[topic]/repair/route';
import * as mirrorResume from '../links/[destination]/[name]/mirrors/[topic]/resume/route';
import * as mirror from '../links/[destination]/[name]/mirrors/[topic]/route';
import * as mirrorSweep from '../links/[destination]/[name]/mirrors/[topic]/sweep/route';
import * as mirrors from '../links/[destination]/[name]/mirrors/route';
import * as operationCancel from '../links/[destination]/[name]/operations/[id]/cancel/route';
import * as operation from '../links/[destination]/[name]/operations/[id]/route';
import * as operationStatement from '../links/[destination]/[name]/operations/[id]/statement/route';
import * as operations from '../links/[destination]/[name]/operations/route';
import * as link from '../links/[destination]/[name]/route';
import * as linkSweep from '../links/[destination]/[name]/sweep/route';
import * as taskRun from '../links/[destination]/[name]/tasks/[task]/run/route';
import * as linksCheck from '../links/check/route';
import * as linksPreviewAutoCreate from '../links/preview/auto-create/route';
import * as linksPreview from '../links/preview/route';
import * as links from '../links/route';
import * as account from '../me/account/route';
import * as ownPassword from '../me/password/route';
import * as me from '../me/route';
import * as ownSession from '../me/sessions/[id]/route';
import * as ownSessions from '../me/sessions/route';
import * as meta from '../meta/route';
import * as oneTimeLinkRedeem from '../one-time-link/redeem/route';
import * as oneTimeLink from '../one-time-link/route';
import * as passwordLink from '../people/[id]/password-link/route';
import * as person from '../people/[id]/route';
import * as personSessions from '../people/[id]/sessions/route';
import * as personVouch from '../people/[id]/vouch/route';
import * as people from '../people/route';
import * as signIn from '../sign-in/route';

export type RouteModule = Partial<Record<MethodName, RouteHandler>>;

export const modules: Readonly<Record<string, RouteModule>> = {
  '/approvals': approvals,
  '/approvals/{id}': approval,
  '/approvals/{id}/break-glass': approvalBreakGlass,
  '/approvals/{id}/confirm': approvalConfirm,
  '/approvals/{id}/reject': approvalReject,
  '/approvals/{id}/withdraw': approvalWithdraw,
  '/audit': audit,
  '/audit/export': auditExport,
  '/audit/{id}': auditEntry,
  '/health/channels': alertChannels,
  '/health/channels/{id}': alertChannel,
  '/health/overrides': ruleOverrides,
  '/health/routes': alertRoutes,
  '/health/silences': silences,
  '/health/silences/{id}/end': silenceEnd,
  '/health/alerts': alerts,
  '/health/alerts/{id}': alert,
  '/health/alerts/{id}/acknowledge': alertAcknowledge,
  '/health/channels/test': alertChannelTrial,
  '/health/channels/{id}/test': alertChannelTest,
  '/health/deliveries': deliveries,
  '/health/deliveries/{id}/again': deliveryAgain,
  '/health/rules': healthRules,
  '/history': history,
  '/keys': apiKeys,
  '/keys/{id}': apiKey,
  '/me': me,
  '/me/account': account,
  '/me/password': ownPassword,
  '/me/sessions': ownSessions,
  '/me/sessions/{id}': ownSession,
  '/one-time-link': oneTimeLink,
  '/one-time-link/redeem': oneTimeLinkRedeem,
  '/people': people,
  '/people/{id}': person,
  '/people/{id}/password-link': passwordLink,
  '/people/{id}/sessions': personSessions,
  '/people/{id}/vouch': personVouch,
  '/clusters': clusters,
  '/clusters/test': clustersTest,
  '/clusters/{name}': cluster,
  '/clusters/{name}/observed/summary': observedSummary,
  '/clusters/{name}/observed/topics': observedTopics,
  '/clusters/{name}/observed/topics/{topic}': observedTopic,
  '/clusters/{name}/observed/topics/{topic}/configs': observedTopicConfigs,
  '/clusters/{name}/observed/groups': observedGroups,
  '/clusters/{name}/observed/groups/{group}': observedGroup,
  '/clusters/{name}/observed/brokers': observedBrokers,
  '/clusters/{name}/observed/brokers/{broker}': observedBroker,
  '/clusters/{name}/observed/quorum': observedQuorum,
  '/clusters/{name}/probe': clusterProbe,
  '/clusters/{name}/topics': clusterTopics,
  '/links': links,
  '/links/check': linksCheck,
  '/links/preview': linksPreview,
  '/links/preview/auto-create': linksPreviewAutoCreate,
  '/links/{destination}/{name}': link,
  '/links/{destination}/{name}/acls': linkAcls,
  '/links/{destination}/{name}/fences/{topic}': fence,
  '/links/{destination}/{name}/mirror-names': mirrorNames,
  '/links/{destination}/{name}/mirror-pauses': mirrorPauses,
  '/links/{destination}/{name}/mirror-removals': mirrorRemovals,
  '/links/{destination}/{name}/sweep': linkSweep,
  '/links/{destination}/{name}/mirrors/{topic}/sweep': mirrorSweep,
  '/links/{destination}/{name}/mirrors/{topic}/configs': mirrorConfigs,
  '/links/{destination}/{name}/mirrors/{topic}/difference': mirrorDifference,
  '/links/{destination}/{name}/mirrors/{topic}/failback': mirrorFailback,
  '/links/{destination}/{name}/mirrors/{topic}/failback/records': mirrorDiverged,
  '/links/{destination}/{name}/mirrors/{topic}/repair': mirrorRepair,
  '/links/{destination}/{name}/mirrors': mirrors,
  '/links/{destination}/{name}/mirrors/{topic}': mirror,
  '/links/{destination}/{name}/mirrors/{topic}/pause': mirrorPause,
  '/links/{destination}/{name}/mirrors/{topic}/resume': mirrorResume,
  '/links/{destination}/{name}/operations': operations,
  '/links/{destination}/{name}/operations/{id}': operation,
  '/links/{destination}/{name}/operations/{id}/cancel': operationCancel,
  '/links/{destination}/{name}/operations/{id}/statement': operationStatement,
  '/links/{destination}/{name}/groups': groups,
  '/links/{destination}/{name}/groups/{group}': group,
  '/links/{destination}/{name}/group-preview': groupPreview,
  '/links/{destination}/{name}/tasks/{task}/run': taskRun,
  '/health-report/preview': healthReportPreview,
  '/health-reports': healthReports,
  '/hub/clusters': hubClusters,
  '/hub/consoles': hubConsoles,
  '/hub/consoles/{name}': hubConsole,
  '/hub/consoles/{name}/alerts': hubConsoleAlerts,
  '/hub/consoles/{name}/history': hubConsoleHistory,
  '/hub/senders': hubSenders,
  '/hub/senders/{id}': hubSender,
  '/meta': meta,
  '/sign-in': signIn,
};
